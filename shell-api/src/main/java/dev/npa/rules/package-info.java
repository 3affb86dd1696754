/**
 * The numbered rules of the plugin contract. {@code Rule} is generated from {@code rules/npa-1.0.yaml}, the one place
 * where rules are written; the spec page comes from the same file.
 */
@Export
@Version("1.0.0")
package dev.npa.rules;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
