package dev.npa.sim.borders;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependency column of docs/architecture.md, checked on the bundles that are delivered. */
class ModuleBordersIT {

    private static final Path BUNDLES = Path.of(System.getProperty("npa.home"), "bundles");

    private static final String[] GUEST_API = {"java..", "dev.npa.hw", "dev.npa.shell", "dev.npa.plugin",
        "dev.npa.plugin.support", "org.osgi.annotation.."};

    private static final List<String> VENDORS = List.of("niantic", "kawela", "broadcom");

    static List<Path> images() throws IOException {
        return jars("images");
    }

    private static List<Path> jars(String directory) throws IOException {
        try (Stream<Path> files = Files.list(BUNDLES.resolve(directory))) {
            return files.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static JavaClasses bundle(String directory, String name) throws IOException {
        return load(BUNDLES.resolve(directory).resolve(name + ".jar"));
    }

    private static JavaClasses load(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JavaClasses classes = new ClassFileImporter().importJar(file);
            assertFalse(classes.isEmpty(), jar + " has classes");
            return classes;
        }
    }

    /** An image of a vendor uses the API, what its family shares, and itself; of another vendor it knows nothing. */
    private static ArchRule pluginRule(String vendor) {
        return classes().should().onlyDependOnClassesThat()
                .resideInAnyPackage(with(GUEST_API, family(vendor), "dev.npa.plugin." + vendor + ".."));
    }

    private static String family(String vendor) {
        return vendor.equals("broadcom") ? "dev.npa.plugin.broadcom.." : "dev.npa.plugin.intel..";
    }

    private static String vendor(Path image) {
        return VENDORS.stream().filter(v -> image.getFileName().toString().startsWith("plugin-" + v)).findAny()
                .orElseThrow(() -> new AssertionError(image + " is of no vendor that this test knows"));
    }

    private static ArchRule noWayOut() {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage("java.io..", "java.net..", "java.nio..",
                "java.lang.reflect..", "java.util.concurrent..", "java.lang.invoke").orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread").orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.lang.System").orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.lang.Runtime");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("images")
    void pluginImagesUseTheShellApiOnly(Path image) throws IOException {
        pluginRule(vendor(image)).check(load(image));
    }

    @ParameterizedTest
    @MethodSource("images")
    void pluginImagesHaveNoThreadsFilesNetworkOrReflection(Path image) throws IOException {
        noWayOut().check(load(image));
    }

    @Test
    void everyVendorHasAnImageAndNianticHasTwo() throws IOException {
        assertEquals(List.of("broadcom", "kawela", "niantic", "niantic"),
                images().stream().map(ModuleBordersIT::vendor).toList());
    }

    static List<String> vendors() {
        return VENDORS;
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void pfDriversUseTheApiOnly(String vendor) throws IOException {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage(with(GUEST_API, "dev.npa.pf",
                "dev.npa.pf.intel..", "dev.npa.pf." + vendor + "..", family(vendor), "dev.npa.plugin." + vendor + "..",
                "org.osgi.framework")).check(bundle("host", "plugin-" + vendor + "-pf"));
    }

    @Test
    void theShellApiUsesNothing() throws IOException {
        classes().should().onlyDependOnClassesThat().resideInAnyPackage("java..", "dev.npa..", "org.osgi.annotation..")
                .check(bundle("guest", "shell-api"));
    }

    @Test
    void theShellKnowsNoHypervisorAndNoVendor() throws IOException {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.npa.sim..", "dev.npa.launcher..",
                "dev.npa.plugin.intel..", "dev.npa.plugin.niantic..", "dev.npa.plugin.kawela..",
                "dev.npa.plugin.broadcom..", "dev.npa.pf..").check(bundle("guest", "shell-runtime"));
    }

    @Test
    void theHypervisorKnowsNoShellAndNoVendorCode() throws IOException {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("dev.npa.shell.runtime..",
                "dev.npa.plugin.vmxnet3..", "dev.npa.plugin.intel..", "dev.npa.plugin.niantic..",
                "dev.npa.plugin.kawela..", "dev.npa.plugin.broadcom..", "dev.npa.pf.intel..", "dev.npa.pf.niantic..",
                "dev.npa.pf.kawela..", "dev.npa.pf.broadcom..", "dev.npa.launcher..")
                .check(bundle("host", "hypervisor-sim"));
    }

    @Test
    void nicModelsKnowNothingOfHostsAndGuests() throws IOException {
        noClasses().that().resideInAPackage("dev.npa.sim.nic..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.npa.sim.host..", "dev.npa.sim.guest..", "dev.npa.sim.scenario..",
                        "dev.npa.sim.vmxnet3..", "dev.npa.plugin..", "dev.npa.shell..", "dev.npa.pf..")
                .check(bundle("host", "hypervisor-sim"));
    }

    /** The checks themselves can fail. */
    @Test
    void theRulesForPluginsRejectTheHypervisor() throws IOException {
        JavaClasses hypervisor = bundle("host", "hypervisor-sim");
        assertThrows(AssertionError.class, () -> pluginRule("niantic").check(hypervisor));
        JavaClasses kawela = bundle("images", "plugin-kawela");
        assertThrows(AssertionError.class, () -> pluginRule("niantic").check(kawela));
        assertThrows(AssertionError.class, () -> noWayOut().check(hypervisor));
    }
}
