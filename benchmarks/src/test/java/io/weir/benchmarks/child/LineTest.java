package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
    @Test
    void survivesItsText() {
        Line line = Line.of(Line.FAILED, "reason", "no route: 100 % lost\nat a=b");

        assertThat(line.toString()).doesNotContain("\n");
        assertThat(Line.parse(line.toString())).contains(line);
    }

    @Test
    void ignoresWhatAVirtualMachinePrints() {
        assertThat(Line.parse("OpenJDK 64-Bit Server VM warning: something")).isEmpty();
    }
}
