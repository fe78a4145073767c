package io.weir.spring.client;

import io.weir.spring.WeirMessage;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirStream;
import java.lang.annotation.Annotation;

/** What a client's method may do. */
enum CallKind {
    REQUEST(
            WeirRequest.class,
            "legal: a Mono of the answer, and at most one value, such as Mono<Price> price(Symbol symbol); and Headers, @WeirHeader,"
                    + " @WeirDeadline Duration and PeerCalls parameters"),
    MESSAGE(
            WeirMessage.class,
            "legal: a Mono<Void>, and at most one value, such as Mono<Void> tell(Reading reading); and Headers, @WeirHeader and"
                    + " PeerCalls parameters"),
    STREAM(
            WeirStream.class,
            "legal: a Flux, and at most one Flux or value, such as Flux<Quote> quotes(Flux<Symbol> symbols); and Headers, @WeirHeader,"
                    + " StreamConfig and PeerCalls parameters");

    private final Class<? extends Annotation> annotation;
    private final String legal;

    CallKind(Class<? extends Annotation> annotation, String legal) {
        this.annotation = annotation;
        this.legal = legal;
    }

    /** What marks such a method. */
    Class<? extends Annotation> annotation() {
        return annotation;
    }

    /** What such a method looks like. */
    String legal() {
        return legal;
    }
}
