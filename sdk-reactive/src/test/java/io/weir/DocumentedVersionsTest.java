package io.weir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The versions that the pages tell users to take are those that Weir is built and tested with. */
class DocumentedVersionsTest {

    private static final Path PROJECT = Path.of("..");

    @ParameterizedTest
    @CsvSource({
        "<artifactId>weir-parent</artifactId>\\s*<version>([^<]+)<, <artifactId>weir-bom</artifactId>\\s*<version>(\\d[^<]+)<",
        "<artifactId>weir-parent</artifactId>\\s*<version>([^<]+)<, io.weir:weir-bom:([^\"]+)\"",
        "<artifactId>weir-parent</artifactId>\\s*<version>([^<]+)<, <weir.version>([^<]+)<",
        "<reactor-bom.version>([^<]+)<, Reactor (\\d[\\d.]+\\d)",
        "<netty.version>([^<]+)<, Netty (\\d[\\d.]+Final)",
        "<netty.version>([^<]+)<, <netty.version>([^<]+)<",
        "<tink.version>([^<]+)<, Tink (\\d[\\d.]+\\d)",
        "<jackson.version>([^<]+)<, Jackson (\\d+\\.[\\d.]+\\d)",
        "<jackson.version>([^<]+)<, <artifactId>jackson-databind</artifactId>\\s*<version>([^<]+)<",
        "<jackson.version>([^<]+)<, tools.jackson.core:jackson-databind:([^\"]+)\"",
        "<accp.version>([^<]+)<, <artifactId>AmazonCorrettoCryptoProvider</artifactId>\\s*<version>([^<]+)<",
    })
    void versionsOnThePagesAreThoseOfTheBuild(String build, String page) throws IOException {
        Matcher built = Pattern.compile(build).matcher(Files.readString(PROJECT.resolve("pom.xml")));
        assertThat(built.find()).isTrue();

        assertThat(shown(Pattern.compile(page))).isNotEmpty().containsOnly(built.group(1));
    }

    private static List<String> shown(Pattern version) throws IOException {
        try (Stream<Path> site = Files.list(PROJECT.resolve("docs-site"))) {
            return Stream.concat(
                            Stream.of(
                                    PROJECT.resolve("README.md"),
                                    PROJECT.resolve(Path.of("samples", "gateway", "pom.xml"))),
                            site.filter(page -> page.toString().endsWith(".md")).sorted())
                    .flatMap(page -> version.matcher(read(page)).results())
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
