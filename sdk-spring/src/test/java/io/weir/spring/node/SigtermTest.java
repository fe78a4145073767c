package io.weir.spring.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.StreamReset;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A real process of Boot, with a web server and a node, is told to stop while everything is in progress. */
class SigtermTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Sinks.One<PeerSession> session = Sinks.one();
    private final PeerNode peer = Weir.node()
            .listen(PeerAddress.tcp("127.0.0.1", 0))
            .onStream("endless", stream -> stream.send(Flux.just("first").concatWith(Flux.never()), Codec.utf8()))
            .onRequest("late", RequestHandler.typed(Codec.utf8(), Codec.utf8(), this::late))
            .startNow(PATIENCE);
    private final CompletableFuture<String> early = new CompletableFuture<>();
    private ApplicationProcess process;

    private Mono<String> late(String text) {
        early.complete(text);
        return Mono.just("answer to " + text);
    }

    @AfterEach
    void end() {
        peer.dispose();
        if (process != null) {
            process.close();
        }
    }

    @Test
    void endlessResponseEndsWellRequestInProgressKeepsItsPeerAndStreamsAreToldToGoElsewhere() throws Exception {
        peer.sessions().next().subscribe(session::tryEmitValue);
        String base = "http://127.0.0.1:" + start();
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        CompletableFuture<HttpResponse<String>> slow = get(http, base + "/slow", BodyHandlers.ofString());
        HttpResponse<InputStream> endless =
                get(http, base + "/endless", BodyHandlers.ofInputStream()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        BufferedReader events = new BufferedReader(new InputStreamReader(endless.body(), StandardCharsets.UTF_8));
        assertThat(events.readLine()).isEqualTo("data:first");
        CompletableFuture<Throwable> ticks = endOfTicks();
        assertThat(early.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("early");

        process.terminate();

        assertThat(events.lines().toList()).as("to its end, not cut off").containsExactly("");
        assertThat(slow.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("answer to slow");
        assertThat(ticks.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StreamReset.class,
                        reset -> assertThat(reset.reason().error()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThat(process.exitCode(PATIENCE)).as("ended by the signal").isEqualTo(143);
        assertThat(session.asMono()
                        .flatMap(PeerSession::onClose)
                        .block(PATIENCE)
                        .error())
                .as("drained, and cut nothing off")
                .isEqualTo(ErrorCode.NONE);
    }

    /** Ends with what the subscription to the application's own stream ends with; begins when the first element is there. */
    private CompletableFuture<Throwable> endOfTicks() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        CompletableFuture<Long> first = new CompletableFuture<>();
        session.asMono()
                .flatMapMany(live -> live.subscribe("ticks", Codec.json(Long.class)))
                .subscribe(first::complete, end::complete, () -> end.complete(new AssertionError("it completed")));
        first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return end;
    }

    private static <T> CompletableFuture<HttpResponse<T>> get(
            HttpClient http, String uri, HttpResponse.BodyHandler<T> body) {
        return http.sendAsync(HttpRequest.newBuilder(URI.create(uri)).build(), body);
    }

    private int start() throws IOException {
        process = ApplicationProcess.start(
                StoppingApplication.class,
                "--server.port=0",
                "--weir.peers.test.addresses=" + peer.addresses().get(0));
        return Integer.parseInt(process.said("PORT "));
    }
}
