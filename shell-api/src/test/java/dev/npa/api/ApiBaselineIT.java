package dev.npa.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API against the recorded snapshot of the last release. When it fails, raise the package's version as it says. A
 * release records anew: {@code mvn -pl shell-api verify -Dnpa.api.record=true}.
 */
class ApiBaselineIT {

    private static final Path JAR = Path.of(System.getProperty("npa.api.jar"));
    private static final Path RELEASED = Path.of("src", "api", "shell-api-1.0.0.txt");

    @Test
    void packageVersionsCoverWhatChangedSinceTheLastRelease() throws Exception {
        ApiSnapshot now = ApiSnapshot.ofJar(JAR);
        if (Boolean.getBoolean("npa.api.record")) {
            now.write(RELEASED);
        }
        assertEquals(List.of(), now.versionsTooLowSince(ApiSnapshot.read(RELEASED)));
    }

    @Test
    void aNewMethodOfAProviderTypeNeedsAMinorVersion(@TempDir Path dir) throws Exception {
        List<String> findings = findingsWithout("addUplinkAddress", "dev.npa.pf.PfDriver", dir);
        assertTrue(findings.get(0).contains("must be at least 2.0.0"), "a consumer type: " + findings);
        findings = findingsWithout("stall(long)", "dev.npa.hw.Clock", dir);
        assertTrue(findings.get(0).contains("must be at least 1.1.0"), "a provider type: " + findings);
    }

    @Test
    void aRemovedTypeNeedsAMajorVersion(@TempDir Path dir) throws Exception {
        Path older = dir.resolve("older.txt");
        String text = Files.readString(current(dir));
        String line = text.lines().filter(l -> l.contains("dev.npa.shell.ShellLog")).findFirst().orElseThrow();
        Files.writeString(older, text.replaceFirst(java.util.regex.Pattern.quote(line),
                line.replace("ShellLog", "ShellLogOfOld")));
        List<String> findings = ApiSnapshot.ofJar(JAR).versionsTooLowSince(ApiSnapshot.read(older));
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).contains("dev.npa.shell") && findings.get(0).contains("2.0.0"), findings.get(0));
    }

    private static Path current(Path dir) throws Exception {
        Path file = dir.resolve("current.txt");
        ApiSnapshot.ofJar(JAR).write(file);
        return file;
    }

    /** Findings against a release that did not have this method yet. */
    private static List<String> findingsWithout(String method, String type, Path dir) throws Exception {
        Path older = dir.resolve("without.txt");
        StringBuilder text = new StringBuilder();
        boolean inType = false;
        int skipBelow = -1;
        for (String line : Files.readAllLines(current(dir))) {
            int depth = line.length() - line.stripLeading().length();
            if (skipBelow >= 0 && depth > skipBelow) {
                continue;
            }
            skipBelow = -1;
            if (line.endsWith(" " + type)) {
                inType = true;
            } else if (depth <= 2) {
                inType = false;
            }
            if (inType && line.contains("METHOD") && line.contains(method)) {
                skipBelow = depth;
                continue;
            }
            text.append(line).append('\n');
        }
        Files.writeString(older, text);
        return ApiSnapshot.ofJar(JAR).versionsTooLowSince(ApiSnapshot.read(older));
    }
}
