package dev.npa.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.rules.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {

    private static final Pattern CITED = Pattern.compile("new PluginException\\(\"([0-9.]+)\"");

    @Test
    void theEnumHoldsEveryRuleOfTheFile() throws Exception {
        long inFile = Files.readAllLines(Path.of("src/main/resources/rules/npa-1.0.yaml")).stream()
                .filter(line -> line.startsWith("      - id:")).count();
        assertEquals(inFile, Rule.values().length);
        assertTrue(inFile >= 110, "the contract has at least 110 rules");
        assertEquals("Reclaim without traffic", Rule.of("6.04").title());
        assertEquals(Rule.Level.MUST, Rule.of("6.04").level());
        assertThrows(IllegalArgumentException.class, () -> Rule.of("99.01"));
    }

    @Test
    void everyRuleThatAnErrorCitesExists() throws Exception {
        int cited = 0;
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher matcher = CITED.matcher(Files.readString(file));
                while (matcher.find()) {
                    assertEquals(matcher.group(1), Rule.of(matcher.group(1)).id(), file.toString());
                    cited++;
                }
            }
        }
        assertTrue(cited > 3, "errors cite rules");
    }
}
