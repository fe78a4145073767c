package io.weir.reactive.session.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamId;
import io.weir.reactive.OpenStats;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.session.NodePair;
import io.weir.reactive.session.SessionProbe;
import io.weir.reactive.session.WarningLog;
import io.weir.reactive.session.loop.SessionContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenWaitsTest {

    private static final OpenStats OPENS = new OpenStats(20, 3, 0, 0, 0);

    private final WarningLog log = new WarningLog();

    @Test
    void saysWhichStreamWaitsForWhatAndForHowLong() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            SessionContext session = SessionProbe.context(pair.session);
            OpenWaits waits = new OpenWaits(session, Duration.ofSeconds(30), log.logger());
            waits.tell(stream(pair, 7), OPENS);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(new StreamId(7) + " \"prices\"", session.toString(), "20 are open", "3 wait", "PT30S");
        }
    }

    @Test
    void warnsOnceAMinuteHoweverManyStreamsWait() {
        try (NodePair pair = NodePair.of(spec -> spec)) {
            SessionContext session = SessionProbe.context(pair.session);
            OpenWaits waits = new OpenWaits(session, Duration.ofSeconds(30), log.logger());
            for (int i = 0; i < 500; i++) {
                waits.tell(stream(pair, i), OPENS);
            }
            pair.advance(Duration.ofMillis(59_999));
            waits.tell(stream(pair, 500), OPENS);
            assertThat(log.warnings()).hasSize(1);

            pair.advance(Duration.ofMillis(1));
            waits.tell(stream(pair, 501), OPENS);
            waits.tell(stream(pair, 502), OPENS);
            assertThat(log.warnings()).hasSize(2);
            assertThat(log.warnings().get(1)).contains("Stream " + new StreamId(501));
        }
    }

    private static LiveStream stream(NodePair pair, long id) {
        return new LiveStream(
                SessionProbe.streams(pair.session),
                new StreamId(id),
                StreamOpen.named("prices"),
                StreamConfig.reliable());
    }
}
