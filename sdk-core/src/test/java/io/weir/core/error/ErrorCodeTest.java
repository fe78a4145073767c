package io.weir.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    @Test
    void numbersAreUniqueAscendingAndFitTheRejectField() {
        long[] numbers =
                Arrays.stream(ErrorCode.values()).mapToLong(ErrorCode::number).toArray();

        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        assertThat(numbers[0]).isZero();
        assertThat(numbers[numbers.length - 1]).isEqualTo(0xFFFF);
    }

    @Test
    void everyCodeIsFoundByItsNumber() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.of(code.number())).isEqualTo(code);
        }
    }

    @Test
    void numbersOutsideTheTableAreUnknown() {
        assertThat(ErrorCode.of(-1)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(0x3F)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(0x40)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(0x1_0000_0022L)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(Long.MAX_VALUE)).isEqualTo(ErrorCode.UNKNOWN);
        assertThat(ErrorCode.of(Long.MIN_VALUE)).isEqualTo(ErrorCode.UNKNOWN);
    }

    @Test
    void someOfTheNumbersThatPeersRelyOn() {
        assertThat(ErrorCode.of(0x04)).isEqualTo(ErrorCode.FLOW_CONTROL);
        assertThat(ErrorCode.of(0x12)).isEqualTo(ErrorCode.VERSION_UNSUPPORTED);
        assertThat(ErrorCode.of(0x20)).isEqualTo(ErrorCode.CANCELLED);
        assertThat(ErrorCode.of(0x2B)).isEqualTo(ErrorCode.UNCLAIMED);
    }

    @Test
    void descriptionsAreOneSentence() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.description()).as(code.name()).matches("[A-Z][^|]+\\.");
        }
    }

    @Test
    void documentationPrintsTheTable() throws IOException {
        List<String> expected =
                new ArrayList<>(List.of("| code | name | layer | retryable | meaning |", "|---|---|---|---|---|"));
        for (ErrorCode code : ErrorCode.values()) {
            expected.add("| %s | `%s` | %s | %s | %s |"
                    .formatted(
                            ErrorCode.hex(code.number()),
                            code.name(),
                            code.layer().name().toLowerCase(Locale.ROOT),
                            code.retryable() ? "yes" : "no",
                            code.description()));
        }

        List<String> printed = Files.readAllLines(page()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(printed).as("the table in docs-site/errors.md").isEqualTo(expected);
    }

    /** The page, from the module's directory or the project's, whichever the tests run in. */
    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        Path beside = here.resolve("docs-site/errors.md");
        return Files.exists(beside) ? beside : here.resolveSibling("docs-site").resolve("errors.md");
    }
}
