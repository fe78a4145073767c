package io.weir.spring.handler;

import io.weir.reactive.Message;
import io.weir.reactive.PeerStream;
import io.weir.reactive.Request;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStreamHandler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** What a method may handle. */
enum HandlerKind {
    REQUEST(
            WeirRequestHandler.class,
            Request.class,
            "a Mono of the answer, or the answer itself, and at most one value: Mono<Price> price(Symbol symbol)"),
    MESSAGE(
            WeirMessageHandler.class,
            Message.class,
            "a Mono<Void>, or void, and at most one value: Mono<Void> onReading(Reading reading)"),
    STREAM(
            WeirStreamHandler.class,
            PeerStream.class,
            "a Flux, or a Mono<Void> where nothing is sent, and at most one Flux or value: Flux<Quote> quotes(Flux<Symbol> symbols)");

    private final Class<? extends Annotation> annotation;
    private final Class<?> subject;
    private final String legal;

    HandlerKind(Class<? extends Annotation> annotation, Class<?> subject, String legal) {
        this.annotation = annotation;
        this.subject = subject;
        this.legal = legal;
    }

    /** What marks such a method. */
    Class<? extends Annotation> annotation() {
        return annotation;
    }

    /** What Weir gives such a handler. */
    Class<?> subject() {
        return subject;
    }

    /** What such a method looks like, in words. */
    String legal() {
        return "it returns " + legal + "; and PeerId, PeerSession, Headers, " + subject.getSimpleName()
                + ", @WeirHeader " + (this == REQUEST ? "and @WeirDeadline parameters" : "parameters")
                + ", in any order";
    }

    /** The annotation of this kind on the method, or on what it overrides; null if there is none. */
    @Nullable
    Annotation on(Method method) {
        return AnnotatedElementUtils.findMergedAnnotation(method, annotation);
    }
}
