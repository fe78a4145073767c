package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void survivesItsFields() {
        Sample sample = new Sample(1, 2, 3, 4, 5, 6, 7);

        assertThat(Sample.ofFields(sample.toFields())).isEqualTo(sample);
    }

    @Test
    void namesAMissingField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.ofFields(Map.of("nanos", "1")))
                .withMessageContaining("cpuNanos");
    }
}
