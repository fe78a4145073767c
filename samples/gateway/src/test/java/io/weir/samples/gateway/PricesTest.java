package io.weir.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.samples.market.Price;
import io.weir.samples.market.RequestId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A price over HTTP, from three publishers that answer as the test says. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "gateway.hedge-delay=20ms")
class PricesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<ScriptedPublisher> PUBLISHERS =
            Stream.of("first", "second", "third").map(ScriptedPublisher::new).toList();

    @Autowired
    private PeerNode gateway;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void publishers(DynamicPropertyRegistry registry) {
        for (int i = 0; i < PUBLISHERS.size(); i++) {
            registry.add("weir.peers.publisher-" + i + ".addresses", PUBLISHERS.get(i)::address);
        }
    }

    @AfterAll
    static void disposePublishers() {
        PUBLISHERS.forEach(publisher -> publisher.node.dispose());
    }

    @BeforeEach
    void everybodyIsConnected() {
        gateway.peers().list().forEach(peer -> peer.session().block(PATIENCE));
    }

    @Test
    void requestIdOfTheBrowserReachesTheHandlerAndComesBack() {
        answers(PUBLISHERS.get(0)::answer, symbol -> Mono.never(), symbol -> Mono.never());

        ResponseEntity<Price> response = get("ACME", "id-of-a-browser");

        assertThat(response.getHeaders().getFirst("X-Request-Id")).isEqualTo("id-of-a-browser");
        assertThat(response.getBody()).isEqualTo(new Price("ACME", 42, "first", "id-of-a-browser"));
    }

    @Test
    void silentAndBusyPublishersAreHelpedByTheThirdAndTheSilentOneIsTold() throws InterruptedException {
        CountDownLatch givenUp = new CountDownLatch(1);
        Sinks.Empty<Price> asked = Sinks.empty(); // the silent one: only then do the others say something
        answers(
                symbol -> {
                    asked.tryEmitEmpty();
                    return Mono.<Price>never().doOnCancel(givenUp::countDown);
                },
                symbol -> asked.asMono().then(Mono.error(new RequestRefusedException(ErrorCode.BUSY))),
                symbol -> asked.asMono().then(PUBLISHERS.get(2).answer(symbol)));

        assertThat(get("ACME", "hedged").getBody()).isEqualTo(new Price("ACME", 42, "third", "hedged"));

        assertThat(givenUp.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyAnswersSoTheBrowserIsToldToTryAgain() {
        Function<String, Mono<Price>> busy = symbol -> Mono.error(new RequestRefusedException(ErrorCode.BUSY));
        answers(busy, busy, busy);

        assertThat(get("ACME", "refused").getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }

    @SafeVarargs
    private static void answers(Function<String, Mono<Price>>... answers) {
        for (int i = 0; i < answers.length; i++) {
            PUBLISHERS.get(i).script = answers[i];
        }
    }

    private ResponseEntity<Price> get(String symbol, String requestId) {
        return WebClient.create("http://localhost:" + port)
                .get()
                .uri("/prices/{symbol}", symbol)
                .header("X-Request-Id", requestId)
                .exchangeToMono(response -> response.statusCode().isError()
                        ? response.releaseBody()
                                .thenReturn(ResponseEntity.<Price>status(response.statusCode())
                                        .build())
                        : response.toEntity(Price.class))
                .block(PATIENCE);
    }

    private static final class ScriptedPublisher {

        private final String name;
        private final PeerNode node;
        private volatile Function<String, Mono<Price>> script;

        ScriptedPublisher(String name) {
            this.name = name;
            this.script = this::answer;
            this.node = Weir.node()
                    .context(RequestId::toHeaders, RequestId::toContext)
                    .listen(PeerAddress.tcp("127.0.0.1", 0))
                    .onRequest(
                            "price",
                            RequestHandler.typed(Codec.utf8(), Codec.json(Price.class), symbol -> script.apply(symbol)))
                    .startNow(PATIENCE);
        }

        String address() {
            return node.addresses().get(0).toString();
        }

        Mono<Price> answer(String symbol) {
            return RequestId.current().map(id -> new Price(symbol, 42, name, id));
        }
    }
}
