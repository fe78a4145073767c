package io.weir.reactive.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs-site/design.md says of each seam: who uses it, what it promises, in types that there are. */
@Tag("once")
final class SeamsPageTest {

    private static final Path PROJECT = Path.of("..");

    /** A type, perhaps behind its package, and in front of a method of it. */
    private static final Pattern TYPE =
            Pattern.compile("`(?:[a-z]+\\.)*([A-Z][A-Za-z]*[a-z][A-Za-z]*)(?:\\.[a-z]\\w*)?`");

    static List<String> seams() throws IOException {
        String page = Files.readString(PROJECT.resolve("docs-site/design.md"));
        String seams = page.substring(page.indexOf("### Seams"), page.indexOf("\n## 3."));
        return Arrays.stream(seams.split("\n#### ")).skip(1).toList();
    }

    @Test
    void thereAreAsManyAsTheSessionHas() throws IOException {
        assertThat(seams())
                .extracting(seam -> seam.lines().findFirst().orElse(""))
                .containsExactly(
                        "Carrier",
                        "Order",
                        "Establisher",
                        "Fast path",
                        "Ledger",
                        "Sequencer",
                        "Dispatch",
                        "Observation",
                        "Interceptors");
    }

    @ParameterizedTest
    @MethodSource("seams")
    void saysWhoUsesItAndWhatItPromises(String seam) {
        assertThat(seam).containsPattern("\\b[Uu]se(d|s|rs)\\b").containsPattern("\\bpromise[sd]?\\b");
    }

    @ParameterizedTest
    @MethodSource("seams")
    void namesTypesThatThereAre(String seam) throws IOException {
        assertThat(TYPE.matcher(seam).results().map(found -> found.group(1)))
                .isNotEmpty()
                .isSubsetOf(types());
    }

    private static Set<String> types() throws IOException {
        try (Stream<Path> files = Stream.of("sdk-core/src", "sdk-reactive/src", "sdk-test/src", "benchmarks/src")
                .flatMap(SeamsPageTest::filesOf)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<Path> filesOf(String folder) {
        try {
            return Files.walk(PROJECT.resolve(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
