package io.weir.spring.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerStream;
import io.weir.reactive.Request;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStreamHandler;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Methods that can answer nobody end the start, and say why. */
@SuppressWarnings("rawtypes")
class InvalidHandlersTest {

    static class AnswersNothing {
        @WeirRequestHandler("r")
        Mono<Void> m() {
            return Mono.empty();
        }
    }

    static class AnswersOften {
        @WeirRequestHandler("r")
        Flux<String> m() {
            return Flux.empty();
        }
    }

    static class AnswersRaw {
        @WeirRequestHandler("r")
        Mono m() {
            return Mono.empty();
        }
    }

    static class TakesTwo {
        @WeirRequestHandler("r")
        Mono<String> m(String one, String two) {
            return Mono.empty();
        }
    }

    static class TakesMany {
        @WeirRequestHandler("r")
        Mono<String> m(Flux<String> values) {
            return Mono.empty();
        }
    }

    static class TakesAStreamOfARequest {
        @WeirRequestHandler("r")
        Mono<String> m(PeerStream stream) {
            return Mono.empty();
        }
    }

    static class TakesANode {
        @WeirMessageHandler("m")
        Mono<Void> m(PeerNode node) {
            return Mono.empty();
        }
    }

    static class AnswersAMessage {
        @WeirMessageHandler("m")
        Mono<String> m(String text) {
            return Mono.empty();
        }
    }

    static class HasADeadlineOfAMessage {
        @WeirMessageHandler("m")
        void m(@WeirDeadline Duration left) {}
    }

    static class HasADeadlineThatMayBeAbsent {
        @WeirRequestHandler("r")
        Mono<String> m(@WeirDeadline Duration left) {
            return Mono.empty();
        }
    }

    static class TakesAHeaderThatNoTextIs {
        @WeirRequestHandler("r")
        Mono<String> m(@WeirHeader("h") Request request) {
            return Mono.empty();
        }
    }

    static class StreamsNothing {
        @WeirStreamHandler("s")
        String m() {
            return "";
        }
    }

    static class TakesRawValues {
        @WeirStreamHandler("s")
        Flux<String> m(Flux values) {
            return Flux.empty();
        }
    }

    static class HasNoName {
        @WeirRequestHandler("")
        Mono<String> m() {
            return Mono.empty();
        }
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of(AnswersNothing.class, "a request has an answer"),
                Arguments.of(AnswersOften.class, "a request has one answer"),
                Arguments.of(AnswersRaw.class, "whose values nobody knows the type of"),
                Arguments.of(TakesTwo.class, "parameters 0 and 1 would both be the value"),
                Arguments.of(TakesMany.class, "only streams bring several values"),
                Arguments.of(TakesAStreamOfARequest.class, "which is no value that a peer could send"),
                Arguments.of(TakesANode.class, "which is no value that a peer could send"),
                Arguments.of(AnswersAMessage.class, "nobody waits for an answer to a message"),
                Arguments.of(HasADeadlineOfAMessage.class, "which only requests have"),
                Arguments.of(HasADeadlineThatMayBeAbsent.class, "must be Optional<Duration>"),
                Arguments.of(TakesAHeaderThatNoTextIs.class, "which Spring converts no text to"),
                Arguments.of(StreamsNothing.class, "which is no publisher"),
                Arguments.of(TakesRawValues.class, "whose values nobody knows the type of"),
                Arguments.of(HasNoName.class, "its name is empty"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void impossibleSignatureEndsTheStart(Class<?> handler, String problem) {
        InvalidHandlerException thrown = catchThrowableOfType(InvalidHandlerException.class, () -> Handled.by(handler));

        FailureAnalysis analysis = new InvalidHandlerFailureAnalyzer().analyze(thrown);
        assertThat(analysis.getDescription())
                .contains(handler.getName())
                .contains(".m(")
                .contains(problem);
        assertThat(analysis.getAction()).contains("legal: it returns");
    }

    static class First {
        @WeirRequestHandler("price")
        Mono<String> first() {
            return Mono.empty();
        }
    }

    static class Second {
        @WeirRequestHandler("price")
        Mono<String> second() {
            return Mono.empty();
        }

        @WeirMessageHandler("price")
        void tell(String other) {}
    }

    @Test
    void twoOfOneRouteEndTheStart() {
        DuplicateHandlerException thrown =
                catchThrowableOfType(DuplicateHandlerException.class, () -> Handled.by(First.class, Second.class));

        FailureAnalysis analysis = new DuplicateHandlerFailureAnalyzer().analyze(thrown);
        assertThat(analysis.getDescription())
                .contains("\"price\"")
                .contains("First.first()")
                .contains("Second.second()");
    }

    @Test
    void requestsAndMessagesOfOneNameDoNotMeet() {
        Handled.by(Second.class).close();
    }
}
