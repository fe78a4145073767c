package io.weir.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void padsColumnsAndAlignsNumbersRight() {
        Table table = new Table("peer", "rate:").row("raw", "5.10").row("a|b", "12.5");

        assertThat(table.render()).isEqualTo("""
                        | peer | rate |
                        |------|-----:|
                        | raw  | 5.10 |
                        | a\\|b | 12.5 |
                        """);
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("a", "b").row("1"));
    }
}
