package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.jfr.FlightRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FlightRecordingTest {

    private static final StreamConfig CONFIG = StreamConfig.reliable().withFixedWindow(10_000);

    private final Identity identity = Identity.generate(new Random(7)::nextBytes);
    private final BaseSubscriber<String> slow = new BaseSubscriber<>() {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(10);
        }
    };

    @TempDir
    private Path folder;

    @Test
    void recordsASessionFromReadyToItsEnd() throws IOException {
        PeerSession[] session = new PeerSession[1];
        List<RecordedEvent> events = recorded("io.weir.Session", () -> {
            try (NodePair pair = pair()) {
                session[0] = pair.session;
                pair.session.dispose();
                pair.settle();
            }
        });

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLong("sessionId")).isEqualTo(session[0].id());
            assertThat(event.getString("peer")).isEqualTo(identity.peerId().toString());
            assertThat(event.getString("remoteAddress"))
                    .isEqualTo(session[0].remoteAddress().toString());
            assertThat(event.getBoolean("initiator")).isTrue();
            assertThat(event.getString("reason")).contains("NONE");
            assertThat(event.getDuration("livedFor")).isPositive();
            assertThat(event.getDuration()).isPositive();
        });
    }

    @Test
    void recordsAStallThatIsLongerThanTheThreshold() throws IOException {
        List<RecordedEvent> events = recorded("io.weir.Stall", () -> {
            try (NodePair pair = pair()) {
                pair.session
                        .openStream("x", CONFIG)
                        .send(Flux.range(0, 500).map(i -> "a".repeat(84)), Codec.utf8())
                        .subscribe();
                pair.settle();
                pair.advance(Duration.ofMillis(300));
                slow.request(100); // ends a short one, and the next one begins
                pair.settle();
                pair.advance(Duration.ofMillis(900));
                slow.request(Long.MAX_VALUE);
                pair.settle();
            }
        });

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getDuration("blockedFor")).isEqualTo(Duration.ofMillis(900));
            assertThat(event.getString("blockedBy")).isEqualTo("credit");
            assertThat(event.getString("peer")).isEqualTo(identity.peerId().toString());
            assertThat(event.getString("stream")).isNotEmpty();
        });
    }

    @Test
    void recordsHowLongAPeerWasGone() throws IOException {
        long[] ids = new long[2];
        List<RecordedEvent> events = recorded("io.weir.Reconnect", () -> {
            try (NodePair pair = pair()) {
                ids[0] = pair.session.id();
                pair.server.dispose();
                pair.settle();
                pair.advance(Duration.ofSeconds(1));
                PeerAddress address = pair.network.address(NodePair.NAME).expecting(identity.peerId());
                pair.client.connect(address).subscribe(session -> {}, e -> {});
                pair.settle();
                server(pair.network.node(NodePair.NAME).listen(pair.network.address(NodePair.NAME)))
                        .start()
                        .subscribe();
                pair.settle();
                pair.client.connect(address).subscribe(session -> ids[1] = session.id());
                pair.settle();
                pair.advance(Duration.ofSeconds(1));
            }
        });

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLong("lostSessionId")).isEqualTo(ids[0]);
            assertThat(event.getLong("sessionId")).isEqualTo(ids[1]).isGreaterThan(ids[0]);
            assertThat(event.getInt("failedDials")).isOne();
            assertThat(event.getString("reason")).contains("NODE_CLOSED");
            assertThat(event.getString("peer")).isEqualTo(identity.peerId().toString());
        });
    }

    private PeerNodeSpec server(PeerNodeSpec spec) {
        return spec.identity(identity).onStream("x", CONFIG, stream -> {
            stream.receive(Codec.utf8()).subscribe(slow);
            return Mono.never();
        });
    }

    private NodePair pair() {
        UnaryOperator<PeerNodeSpec> observed = spec -> spec.observer(FlightRecording.observer());
        return NodePair.of(this::server, observed);
    }

    /** The events of this kind in a recording of what is done. */
    private List<RecordedEvent> recorded(String name, Runnable work) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(name).with("blockedThreshold", "500 ms");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
