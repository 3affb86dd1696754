/**
 * Classes that tests pack into plugin images. They follow the rules of an image: only API packages are used.
 *
 * <p>{@link dev.npa.testimage.TestPlugin} drives the registers of {@code dev.npa.shell.runtime.fake.FakeNic}.
 */
package dev.npa.testimage;
