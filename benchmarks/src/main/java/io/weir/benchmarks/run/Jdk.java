package io.weir.benchmarks.run;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * An installed JDK.
 *
 * @param home its directory
 * @param version version and vendor, for the report
 * @param feature its feature number, for example 17
 */
record Jdk(Path home, String version, int feature) {

    /** The JDK in that directory, as its release file describes it. */
    static Jdk at(Path home) {
        if (!Files.isExecutable(home.resolve("bin").resolve("java"))) {
            throw new IllegalArgumentException("--jdk = " + home + ", legal: a directory with bin/java in it");
        }
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"), StandardCharsets.UTF_8)) {
            release.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("--jdk = " + home + ", legal: a JDK with a readable release file", e);
        }
        String version = unquoted(release, "JAVA_RUNTIME_VERSION", unquoted(release, "JAVA_VERSION", ""));
        Runtime.Version parsed = Runtime.Version.parse(unquoted(release, "JAVA_VERSION", "0"));
        return new Jdk(home, (version + " " + unquoted(release, "IMPLEMENTOR", "")).strip(), parsed.feature());
    }

    /** The JDK that runs this. */
    static Jdk current() {
        return new Jdk(
                Path.of(System.getProperty("java.home")),
                Runtime.version() + " " + System.getProperty("java.vendor"),
                Runtime.version().feature());
    }

    /** The command that starts it. */
    String java() {
        return home.resolve("bin").resolve("java").toString();
    }

    private static String unquoted(Properties release, String key, String fallback) {
        return release.getProperty(key, fallback).replace("\"", "");
    }
}
