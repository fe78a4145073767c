package io.weir.spring.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.Balancing;
import io.weir.reactive.Peer;
import io.weir.reactive.PeerCalls;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.spring.ApplicationStop;
import io.weir.spring.NamedPeers;
import io.weir.spring.WeirClients;
import io.weir.spring.WeirCodecs;
import io.weir.spring.WeirDeadline;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirRequest;
import io.weir.spring.WeirStream;
import io.weir.spring.discovery.ServiceFinder;
import io.weir.spring.discovery.ServiceGroups;
import io.weir.test.TestNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.diagnostics.FailureAnalysis;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

class ClientsTest {

    private static final List<String> TOLD = new ArrayList<>();

    private final TestNodes nodes = TestNodes.pair(node -> node, ClientsTest::declare);
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final WeirClients clients = clients(stopping::asMono);
    private final Shop shop = clients.create(Shop.class, nodes.session());

    record Order(String symbol, int count) {}

    record Price(String symbol, long cents) {}

    interface Shop {
        @WeirRequest("price")
        Mono<Price> price(Order order);

        @WeirRequest("headers")
        Mono<String> headers(
                String text,
                Headers some,
                @WeirHeader("count") int count,
                @WeirHeader("absent") @Nullable String absent,
                @WeirHeader("empty") Optional<String> empty,
                @WeirHeader("wait") Duration wait);

        @WeirRequest("never")
        Mono<String> never(@WeirDeadline Duration deadline);

        @WeirRequest("who")
        Mono<String> who(PeerCalls peer);

        @WeirMessage("told")
        Mono<Void> tell(Order order);

        @WeirStream("range")
        Flux<Integer> range(@WeirHeader("to") int to, StreamConfig config);

        @WeirStream("sums")
        Flux<Integer> sums(Flux<Integer> numbers);

        @WeirStream("sums")
        Flux<Integer> sum(int number);

        @WeirStream(value = "endless", endless = true)
        Flux<Integer> endless();

        @WeirStream("endless")
        Flux<Integer> unending();

        default Mono<Long> cents(String symbol) {
            return price(new Order(symbol, 1)).map(Price::cents);
        }
    }

    private static PeerNodeSpec declare(PeerNodeSpec spec) {
        return spec.onRequest(
                        "price",
                        RequestHandler.typed(
                                Codec.json(Order.class),
                                Codec.json(Price.class),
                                order -> Mono.just(new Price(order.symbol(), 42L * order.count()))))
                .onRequest(
                        "headers",
                        RequestHandler.typed(
                                Codec.utf8(),
                                Codec.utf8(),
                                (request, text) -> Flux.fromIterable(
                                                request.headers().names())
                                        .map(name ->
                                                name + "=" + request.headers().text(name))
                                        .collectList()
                                        .map(all -> text + all)))
                .onRequest("never", RequestHandler.typed(Codec.bytes(), Codec.utf8(), nothing -> Mono.never()))
                .onRequest("who", RequestHandler.typed(Codec.bytes(), Codec.utf8(), nothing -> Mono.just("b")))
                .onMessage("told", message -> Mono.fromRunnable(() -> TOLD.add(message.decode(Codec.utf8()))))
                .onStream(
                        "range",
                        stream -> stream.send(
                                Flux.range(
                                        1,
                                        Integer.parseInt(
                                                String.valueOf(stream.headers().text("to")))),
                                Codec.json(Integer.class)))
                .onStream(
                        "sums",
                        stream -> stream.send(
                                stream.receive(Codec.json(Integer.class)).scan(Integer::sum),
                                Codec.json(Integer.class)))
                .onStream(
                        "endless",
                        stream -> stream.send(Flux.just(1).concatWith(Flux.never()), Codec.json(Integer.class)));
    }

    private static ClientProxies clients(ApplicationStop stop) {
        NamedPeers none = new NamedPeers() {
            @Override
            public Set<String> names() {
                return Set.of();
            }

            @Override
            public PeerCalls calls(String name) {
                throw new IllegalArgumentException(name);
            }

            @Override
            public Peer peer(String name) {
                throw new IllegalArgumentException(name);
            }
        };
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        return new ClientProxies(
                new WeirCodecs(() -> JsonMapper.builder().build()),
                ApplicationConversionService.getSharedInstance(),
                none,
                new ServiceGroups(beans, beans.getBeanProvider(ServiceFinder.class), Balancing::defaults),
                stop,
                beans);
    }

    @AfterEach
    void close() {
        nodes.close();
        TOLD.clear();
    }

    @Test
    void makesRequestsByJson() {
        StepVerifier.create(shop.price(new Order("ACME", 2)))
                .expectNext(new Price("ACME", 84))
                .verifyComplete();
        StepVerifier.create(shop.cents("ACME")).expectNext(42L).verifyComplete();
    }

    @Test
    void headersGoWithACallButForThoseThatSayNothing() {
        StepVerifier.create(
                        shop.headers("text", Headers.of("a", "b"), 3, null, Optional.empty(), Duration.ofSeconds(2)))
                .expectNext("text[a=b, count=3, wait=PT2S]")
                .verifyComplete();
    }

    @Test
    void deadlineIsThatOfTheRequest() {
        StepVerifier.create(nodes.within(Duration.ofSeconds(9), shop.never(Duration.ofSeconds(1))))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                ReplyMissingException.class,
                                missing -> assertThat(missing.reason().error()).isEqualTo(ErrorCode.REQUEST_TIMEOUT)));
    }

    @Test
    void anotherPeerMayBeAsked() {
        StepVerifier.create(shop.who(nodes.session("b", "a")))
                .verifyErrorSatisfies(e ->
                        assertThat(((ReplyMissingException) e).reason().error()).isEqualTo(ErrorCode.NO_HANDLER));
        StepVerifier.create(shop.who(nodes.session())).expectNext("b").verifyComplete();
    }

    @Test
    void sendsMessages() {
        StepVerifier.create(shop.tell(new Order("ACME", 1))).verifyComplete();

        assertThat(TOLD).containsExactly("{\"symbol\":\"ACME\",\"count\":1}");
    }

    @Test
    void nothingHappensBeforeASubscription() {
        Mono<Void> told = shop.tell(new Order("ACME", 1));
        assertThat(TOLD).isEmpty();

        told.block();
        told.block();

        assertThat(TOLD).hasSize(2);
    }

    @Test
    void subscribesAndExchanges() {
        StepVerifier.create(shop.range(2, StreamConfig.fireAndForget()))
                .expectNext(1, 2)
                .verifyComplete();
        StepVerifier.create(shop.sums(Flux.just(1, 2))).expectNext(1, 3).verifyComplete();
        StepVerifier.create(shop.sum(7)).expectNext(7).verifyComplete();
    }

    @Test
    void endlessOneCompletesWhenTheApplicationStopsAndAnotherDoesNot() {
        List<String> ends = new ArrayList<>();
        shop.endless().subscribe(value -> {}, e -> {}, () -> ends.add("endless"));
        shop.unending().subscribe(value -> {}, e -> {}, () -> ends.add("unending"));

        stopping.tryEmitEmpty();

        assertThat(ends).containsExactly("endless");
    }

    @Test
    void isAnObjectLikeOthers() {
        assertThat(shop).isEqualTo(shop).isNotEqualTo(clients.create(Shop.class, nodes.session()));
        assertThat(shop).hasSameHashCodeAs(shop);
        assertThat(shop.toString()).startsWith("Shop for ");
    }

    @Test
    void nullInPlaceOfTheValueIsACallersBug() {
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> shop.price(null));
    }

    interface NotAnnotated {
        Mono<String> m();
    }

    interface Blocking {
        @WeirRequest("r")
        String m();
    }

    interface RequestsNothing {
        @WeirRequest("r")
        Mono<Void> m();
    }

    interface AnsweredMessage {
        @WeirMessage("m")
        Mono<String> m(String text);
    }

    interface TwoValues {
        @WeirRequest("r")
        Mono<String> m(String one, String two);
    }

    interface ManyValues {
        @WeirRequest("r")
        Mono<String> m(Flux<String> values);
    }

    interface DeadlineOfAMessage {
        @WeirMessage("m")
        Mono<Void> m(@WeirDeadline Duration deadline);
    }

    interface ConfiguredRequest {
        @WeirRequest("r")
        Mono<String> m(StreamConfig config);
    }

    @SuppressWarnings("rawtypes")
    interface RawStream {
        @WeirStream("s")
        Flux m();
    }

    static final class NoInterface {}

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of(NotAnnotated.class, "does nothing that a peer could be asked", "annotate it"),
                Arguments.of(Blocking.class, "must return a Mono", "legal: a Mono"),
                Arguments.of(RequestsNothing.class, "a request has an answer", "legal: a Mono"),
                Arguments.of(AnsweredMessage.class, "nobody answers a message", "legal: a Mono<Void>"),
                Arguments.of(TwoValues.class, "two of its parameters would be the value", "legal: a Mono"),
                Arguments.of(ManyValues.class, "only streams take several values", "legal: a Mono"),
                Arguments.of(DeadlineOfAMessage.class, "which only requests have", "legal: a Mono<Void>"),
                Arguments.of(ConfiguredRequest.class, "which only streams have", "legal: a Mono"),
                Arguments.of(RawStream.class, "whose values nobody knows the type of", "legal: a Flux"),
                Arguments.of(NoInterface.class, "is no interface", "make it one"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void impossibleSignatureIsRefusedAndExplained(Class<?> type, String problem, String legal) {
        InvalidClientException thrown =
                catchThrowableOfType(InvalidClientException.class, () -> clients.create(type, nodes.session()));

        FailureAnalysis analysis = new InvalidClientFailureAnalyzer().analyze(thrown);
        assertThat(analysis.getDescription()).contains(type.getSimpleName()).contains(problem);
        assertThat(analysis.getAction().toLowerCase(Locale.ROOT)).contains(legal.toLowerCase(Locale.ROOT));
    }
}
