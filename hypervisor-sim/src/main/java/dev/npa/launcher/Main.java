package dev.npa.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Entry point of {@code npa.jar}. */
public final class Main {

    /** Exit code for an error inside NPA. */
    static final int INTERNAL = 3;

    private Main() {}

    /** Runs one command; see {@code npa --help}. */
    public static void main(String[] args) {
        // UTF-8 whatever the platform's default is: the table of the demo uses it and so does JSON.
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        int code = INTERNAL;
        try (HostFramework host = HostFramework.start(home())) {
            code = host.command(args);
        } catch (Exception e) {
            System.err.println("npa: " + e.getMessage());
            if (Arrays.asList(args).contains("--stacktrace")) {
                e.printStackTrace();
            }
        }
        System.out.flush();
        // The framework has stopped; a stray non-daemon thread must not keep a finished command alive.
        System.exit(code);
    }

    /** The directory with {@code lib} and {@code bundles}: where this jar lies. */
    private static Path home() throws IOException {
        try {
            Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path home = jar.getParent();
            if (!Files.isDirectory(home.resolve("bundles"))) {
                throw new IOException("there is no directory 'bundles' beside " + jar
                        + "; build the project with: mvn package");
            }
            return home;
        } catch (java.net.URISyntaxException e) {
            throw new IOException("cannot find the directory of npa.jar", e);
        }
    }
}
