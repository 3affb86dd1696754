/** Reads the tables of the project's documentation, so that tests can compare the code with them. */
package dev.npa.shell.runtime.docs;
