package io.weir.samples.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WhoIsSlowTest {

    @Test
    void theMetersTellThatThePublisherWaitsForItsSubscriberAndCanBeScraped() throws IOException {
        List<String> log = new ArrayList<>();
        List<String> scraped = new ArrayList<>();

        WhoIsSlow.runNow(2, line -> {
            log.add(line);
            scraped.add(read(log.get(0)));
        });

        assertThat(log).hasSize(3);
        assertThat(log.get(2)).matches("idle .* s, sending .* s, blocked_by_credit .* s, blocked_by_link .* s");
        assertThat(log.get(2)).doesNotContain("blocked_by_credit 0.0 s");
        assertThat(scraped.get(2)).contains("weir_stream_time_seconds_total{", "weir_stream_halves{");
    }

    private static String read(String page) {
        try (InputStream in = URI.create(page).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
