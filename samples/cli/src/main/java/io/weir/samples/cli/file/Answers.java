package io.weir.samples.cli.file;

import io.weir.reactive.PeerStream;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What one stream's sender is told, in order. Whether it hears that changes nothing here. One thread at a time. */
final class Answers {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Sinks.Many<Answer> said = Sinks.many().unicast().onBackpressureBuffer();
    private final Sinks.Empty<Void> sent = Sinks.empty();

    Answers(PeerStream stream) {
        stream.send(said.asFlux(), Answer.CODEC).subscribe(null, e -> sent.tryEmitEmpty(), sent::tryEmitEmpty);
    }

    void say(Answer answer) {
        said.tryEmitNext(answer);
    }

    /** The last one. Completes when the sender has it, or is gone, or does not read. */
    Mono<Void> sayLast(Answer answer) {
        return Mono.defer(() -> {
            say(answer);
            said.tryEmitComplete();
            return sent.asMono().timeout(TIMEOUT).onErrorComplete();
        });
    }

    /** Nothing more. */
    void end() {
        said.tryEmitComplete();
    }
}
