/**
 * Plugin images: taking the jar apart, judging it, installing it into the guest's framework and taking it out again.
 *
 * <p>Nothing of an image runs before {@link dev.npa.shell.runtime.image.ImageVerifier} has accepted it. What is refused
 * is refused in one sentence with a result code of {@code docs/switch-protocol.md}.
 */
package dev.npa.shell.runtime.image;
