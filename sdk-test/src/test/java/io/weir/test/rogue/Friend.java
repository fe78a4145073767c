package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.ServedStreams;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Sinks;

/** Talks to a node that serves the {@link ServedStreams}, over one session: says words on a stream {@code echo}, and hears them again. */
final class Friend {

    private final PeerSession session;
    private final Sinks.Many<String> words = Sinks.many().unicast().onBackpressureBuffer();
    private final List<String> said = new ArrayList<>();
    private final List<String> echoes = new ArrayList<>();

    Friend(PeerSession session) {
        this.session = session;
        PeerStream echo = session.openStream("echo", StreamConfig.reliable());
        echo.receive(Codec.utf8()).subscribe(echoes::add);
        echo.send(words.asFlux(), Codec.utf8()).subscribe();
    }

    /** Another word. */
    void say() {
        String word = "word " + (said.size() + 1);
        said.add(word);
        words.tryEmitNext(word);
    }

    /** All words have come back, each once, and the session goes on. */
    void assertHeardAll() {
        assertThat(echoes).isEqualTo(said);
        assertThat(session.state()).isEqualTo(SessionState.READY);
    }
}
