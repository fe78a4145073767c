package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void survivesItsFields() {
        Histogram histogram = new Histogram(3);
        histogram.recordValue(55_000);
        Sample server = new Sample(1, 2, 3, 4, 0, 0, 0, Latencies.NONE);
        Sample client = new Sample(1, 2, 3, 4, 5, 6, 7, Latencies.of(histogram));

        assertThat(Sample.ofFields(server.toFields())).isEqualTo(server);
        assertThat(Sample.ofFields(client.toFields())).isEqualTo(client).isNotEqualTo(server);
    }

    @Test
    void namesAMissingField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.ofFields(Map.of("nanos", "1")))
                .withMessageContaining("cpuNanos");
    }
}
