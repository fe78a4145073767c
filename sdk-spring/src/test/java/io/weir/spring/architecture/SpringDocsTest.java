package io.weir.spring.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.reactive.architecture.ApiDocs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing of the starter that users meet is without Javadoc. */
final class SpringDocsTest {

    /** What users meet. The rest is public for other packages of the starter only. */
    private static final List<String> MET = List.of("", "properties", "autoconfigure", "actuate", "test");

    @Test
    void everythingUsersMeetIsDocumented() throws IOException {
        Path root = Path.of("src", "main", "java", "io", "weir", "spring");
        List<Path> sources;
        try (Stream<Path> files = Files.walk(root)) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file ->
                            MET.contains(root.relativize(file.getParent()).toString()))
                    .toList();
        }
        assertThat(sources).hasSizeGreaterThan(30);
        assertThat(ApiDocs.missingIn(sources)).isEmpty();
    }
}
