package io.weir.reactive.transport;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static io.weir.reactive.transport.LinkTestKit.awaitEnd;
import static io.weir.reactive.transport.LinkTestKit.awaitStandstill;
import static io.weir.reactive.transport.LinkTestKit.awaitTrue;
import static io.weir.reactive.transport.LinkTestKit.bytes;
import static io.weir.reactive.transport.LinkTestKit.randomRecords;
import static io.weir.reactive.transport.LinkTestKit.read;
import static io.weir.reactive.transport.LinkTestKit.send;
import static io.weir.reactive.transport.LinkTestKit.sum;
import static io.weir.reactive.transport.LinkTestKit.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkTestKit.Accepted;
import io.weir.reactive.transport.LinkTestKit.Pair;
import io.weir.reactive.transport.LinkTestKit.Sum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What every transport of byte-stream links does, whatever carries the bytes. */
@Timeout(120)
public abstract class TransportContractTest {
    private static final long SEED = 20_260_801L;

    private LinkTransport transport = unset();

    /** A new transport, alone in its world. */
    protected abstract LinkTransport newTransport();

    /** Where a listener finds a free place. Every call may give another one. */
    protected abstract PeerAddress anywhere();

    /** Where nobody listens. */
    protected abstract PeerAddress nowhere();

    /** Bytes that writer, network and reader may hold together while nobody reads. */
    protected abstract long mayBeHeldBytes();

    /** Enough to fill and empty every buffer on the way many times. */
    protected abstract long largeVolumeBytes();

    @BeforeEach
    void setUp() {
        transport = newTransport();
    }

    @AfterEach
    void tearDown() {
        awaitEnd(transport.disposeLater());
        endWorld();
    }

    /** After the test and its transport have ended. */
    protected void endWorld() {}

    protected final LinkTransport transport() {
        return transport;
    }

    protected final Pair pair() {
        return LinkTestKit.pair(transport, anywhere());
    }

    @Test
    void carriesBytesInOrder() {
        Pair pair = pair();

        Mono<String> read = text(pair.accepted()).cache();
        read.subscribe();
        awaitEnd(send(pair.dialled(), "one", "", "two", "three"));
        awaitEnd(send(pair.dialled(), "four"));
        pair.dialled().closeOutput();

        assertThat(await(read)).isEqualTo("onetwothreefour");
    }

    @Test
    void carriesLargeVolumesBothWaysAtOnce() {
        Pair pair = pair();
        Sum there = new Sum();
        Sum back = new Sum();

        Mono<Void> sendThere = pair.dialled().send(randomRecords(SEED, largeVolumeBytes(), 65_535, there));
        Mono<Void> sendBack = pair.accepted().send(randomRecords(SEED + 1, largeVolumeBytes(), 40_000, back));
        Mono<Void> sent = Mono.when(sendThere, sendBack).doOnSuccess(end -> {
            pair.dialled().closeOutput();
            pair.accepted().closeOutput();
        });
        var sums = await(Mono.zip(sum(pair.accepted()), sum(pair.dialled()), sent.thenReturn(1)));

        assertThat(sums.getT1().bytes()).as("bytes there").isEqualTo(largeVolumeBytes());
        assertThat(sums.getT1().crc()).as("checksum there").isEqualTo(there.crc());
        assertThat(sums.getT2().bytes()).as("bytes back").isEqualTo(largeVolumeBytes());
        assertThat(sums.getT2().crc()).as("checksum back").isEqualTo(back.crc());
    }

    @Test
    protected void carriesLargeVolumesToAPeerThatHasEndedItsOutput() {
        carryLargeVolumesToAPeerThatHasEndedItsOutput();
    }

    protected final void carryLargeVolumesToAPeerThatHasEndedItsOutput() {
        Pair pair = pair();
        Sum there = new Sum();
        Mono<Long> read = sum(pair.dialled()).map(Sum::bytes).cache();
        read.subscribe();
        pair.accepted().closeOutput();
        assertThat(await(read)).isZero();

        Mono<Void> sendThere = pair.dialled()
                .send(randomRecords(SEED, largeVolumeBytes(), 65_535, there))
                .doOnSuccess(end -> pair.dialled().closeOutput());
        var sums = await(Mono.zip(sum(pair.accepted()), sendThere.thenReturn(1)));

        assertThat(sums.getT1().bytes()).isEqualTo(largeVolumeBytes());
        assertThat(sums.getT1().crc()).isEqualTo(there.crc());
    }

    @Test
    void answersAtOnceEachWay() {
        Pair pair = pair();
        Sinks.Many<ByteBuffer> questions = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Many<ByteBuffer> answers = Sinks.many().unicast().onBackpressureBuffer();
        pair.accepted().send(answers.asFlux()).subscribe();
        pair.accepted().inbound().subscribe(chunk -> answers.tryEmitNext(copy(chunk)));
        pair.dialled().send(questions.asFlux()).subscribe();
        AtomicInteger round = new AtomicInteger();
        CompletableFuture<Integer> done = new CompletableFuture<>();

        pair.dialled().inbound().subscribe(chunk -> {
            if (round.addAndGet(chunk.remaining()) == 1_000) {
                done.complete(round.get());
            } else {
                questions.tryEmitNext(copy(chunk));
            }
        });
        pair.dialled().loop().execute(() -> questions.tryEmitNext(bytes("x")));

        assertThat(await(Mono.fromFuture(done))).isEqualTo(1_000);
    }

    @Test
    void readsNothingBeforeItIsAskedAndLosesNothing() {
        Pair pair = pair();
        awaitEnd(send(pair.dialled(), "sent before anybody reads").takeUntilOther(Mono.delay(Duration.ofMillis(300))));
        pair.dialled().closeOutput();

        assertThat(await(text(pair.accepted()))).isEqualTo("sent before anybody reads");
    }

    @Test
    void aPeerThatDoesNotReadStopsTheSender() {
        Pair pair = pair();
        AtomicLong asked = new AtomicLong();
        AtomicLong heldMost = new AtomicLong();
        Sum sent = new Sum();
        long total = 4 * mayBeHeldBytes();
        Flux<ByteBuffer> records = randomRecords(SEED, total, 32 * 1024, sent).doOnRequest(n -> {
            assertThat(n).isEqualTo(1);
            asked.incrementAndGet();
        });

        CompletableFuture<Void> completed = pair.dialled().send(records).toFuture();
        awaitStandstill(asked::get);
        heldMost.set(sent.bytes());

        assertThat(heldMost.get()).as("bytes pulled while nobody reads").isLessThanOrEqualTo(mayBeHeldBytes());
        assertThat(completed).isNotDone();
        assertThat(await(onLoop(pair.dialled(), pair.dialled()::writable))).isFalse();

        Sum received = new Sum();
        Mono<Void> reading = read(pair.accepted(), received).cache();
        reading.subscribe();
        awaitEnd(Mono.fromFuture(completed));
        assertThat(await(onLoop(pair.dialled(), pair.dialled()::writable))).isTrue();
        pair.dialled().closeOutput();
        awaitEnd(reading);
        assertThat(received.crc()).isEqualTo(sent.crc());
    }

    @Test
    void closingIsSeenAtBothEnds() {
        Pair pair = pair();
        Mono<String> read = text(pair.accepted()).cache();
        read.subscribe();
        Mono<String> own = text(pair.dialled()).cache();
        own.subscribe(text -> {}, e -> {});
        awaitEnd(send(pair.dialled(), "last words"));

        pair.dialled().close();
        pair.dialled().close();

        assertThat(await(read)).isEqualTo("last words");
        StepVerifier.create(own).expectError(ClosedChannelException.class).verify(PATIENCE);
        awaitEnd(pair.dialled().onClose());
        pair.accepted().close();
        awaitEnd(pair.accepted().onClose());
    }

    @Test
    void closingTheAcceptedEndIsSeenByTheDialler() {
        Pair pair = pair();
        Mono<String> read = text(pair.dialled()).cache();
        read.subscribe();

        pair.accepted().close();

        assertThat(await(read.defaultIfEmpty(""))).isEmpty();
    }

    @Test
    void eachDirectionEndsByItself() {
        Pair pair = pair();
        Mono<String> there = text(pair.accepted()).cache();
        Mono<String> back = text(pair.dialled()).cache();
        there.subscribe();
        back.subscribe();

        awaitEnd(send(pair.dialled(), "question"));
        pair.dialled().closeOutput();
        pair.dialled().closeOutput();
        assertThat(await(there)).isEqualTo("question");
        awaitEnd(send(pair.accepted(), "late", " answer"));
        pair.accepted().closeOutput();

        assertThat(await(back)).isEqualTo("late answer");
    }

    @Test
    void sendingToAClosedPeerFailsAndCancelsTheSource() {
        Pair pair = pair();
        AtomicBoolean cancelled = new AtomicBoolean();
        pair.accepted().close();
        awaitEnd(pair.accepted().onClose());

        Mono<Void> sending = pair.dialled()
                .send(Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(16_384)))
                        .doOnCancel(() -> cancelled.set(true)));

        StepVerifier.create(sending).expectError(IOException.class).verify(PATIENCE);
        assertThat(cancelled).isTrue();
        awaitEnd(pair.dialled().onClose());
    }

    @Test
    void closingFailsTheSendInProgressAndLaterOnes() {
        Pair pair = pair();
        AtomicBoolean cancelled = new AtomicBoolean();
        CompletableFuture<Void> sending = pair.dialled()
                .send(Flux.<ByteBuffer>never().doOnCancel(() -> cancelled.set(true)))
                .toFuture();

        pair.dialled().close();

        StepVerifier.create(Mono.fromFuture(sending))
                .expectError(ClosedChannelException.class)
                .verify(PATIENCE);
        assertThat(cancelled).isTrue();
        StepVerifier.create(send(pair.dialled(), "x"))
                .expectError(ClosedChannelException.class)
                .verify(PATIENCE);
    }

    @Test
    void closeReturnsBeforeAnySignalItCauses() {
        Pair pair = pair();
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean reentered = new AtomicBoolean();
        pair.dialled().inbound().subscribe(chunk -> {}, e -> reentered.compareAndSet(false, inside.get()));
        pair.dialled().send(Flux.never()).subscribe(end -> {}, e -> reentered.compareAndSet(false, inside.get()));

        awaitEnd(onLoop(pair.dialled(), () -> {
            inside.set(true);
            pair.dialled().close();
            inside.set(false);
            return true;
        }));
        awaitEnd(pair.dialled().onClose());

        assertThat(reentered).isFalse();
    }

    @Test
    void anErrorOfTheSourceClosesTheLinkAndIsPassedOn() {
        Pair pair = pair();
        Mono<String> read = text(pair.accepted()).cache();
        read.subscribe(text -> {}, e -> {});

        Mono<Void> sending = pair.dialled().send(Flux.error(new IllegalStateException("boom")));

        StepVerifier.create(sending).expectErrorMessage("boom").verify(PATIENCE);
        awaitEnd(pair.dialled().onClose());
        awaitEnd(read);
    }

    @Test
    void aRecordEmittedOffTheLoopFailsTheSend() {
        Pair pair = pair();
        Sinks.Many<ByteBuffer> records = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<Void> sending = pair.dialled().send(records.asFlux()).toFuture();
        awaitEnd(onLoop(pair.dialled(), () -> true));

        records.tryEmitNext(bytes("x"));

        StepVerifier.create(Mono.fromFuture(sending))
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
        awaitEnd(pair.dialled().onClose());
    }

    @Test
    void aSourceThatNeverPausesLeavesTheLoopToOthers() {
        Pair pair = pair();
        pair.accepted().inbound().subscribe(chunk -> {}, e -> {});
        AtomicBoolean othersRan = new AtomicBoolean();
        AtomicInteger records = new AtomicInteger();

        awaitEnd(pair.dialled().send(Flux.generate(sink -> {
            int number = records.incrementAndGet();
            if (number == 1) {
                pair.dialled().loop().execute(() -> othersRan.set(true));
            }
            if (othersRan.get() || number > 100_000) {
                sink.complete();
            } else {
                sink.next(ByteBuffer.allocate(10));
            }
        })));

        assertThat(othersRan).isTrue();
        assertThat(records).hasValueLessThan(100);
    }

    @Test
    void onlyOneSendIsInProgress() {
        Pair pair = pair();
        Mono<String> read = text(pair.accepted()).cache();
        read.subscribe();
        Disposable first = pair.dialled().send(Flux.never()).subscribe();

        StepVerifier.create(send(pair.dialled(), "x"))
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
        first.dispose();
        awaitEnd(send(pair.dialled(), "y"));
        pair.dialled().closeOutput();

        assertThat(await(read)).isEqualTo("y");
    }

    @Test
    void inboundHasOneSubscriberOnce() {
        Pair pair = pair();
        pair.dialled().inbound().subscribe();

        StepVerifier.create(pair.dialled().inbound())
                .expectError(IllegalStateException.class)
                .verify(PATIENCE);
    }

    @Test
    void inboundRefusesBoundedDemand() {
        Pair pair = pair();
        CompletableFuture<Throwable> error = new CompletableFuture<>();

        pair.dialled().inbound().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnError(Throwable e) {
                error.complete(e);
            }
        });

        assertThat(await(Mono.fromFuture(error))).isInstanceOf(IllegalArgumentException.class);
        awaitEnd(pair.dialled().onClose());
    }

    @Test
    void cancellingInboundClosesTheLink() {
        Pair pair = pair();

        pair.dialled().inbound().subscribe().dispose();

        awaitEnd(pair.dialled().onClose());
        assertThat(await(text(pair.accepted()).defaultIfEmpty(""))).isEmpty();
    }

    @Test
    void everySignalComesSeriallyOnTheLoop() {
        Pair pair = pair();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        Runnable check = () -> {
            if (inside.getAndIncrement() != 0 || !pair.dialled().loop().inLoop()) {
                violations.incrementAndGet();
            }
            inside.decrementAndGet();
        };
        Sum echoed = new Sum();
        Flux<ByteBuffer> records = randomRecords(SEED, 1 << 20, 10_000, echoed).doOnRequest(n -> check.run());
        echo(pair.accepted());

        Mono<Void> sending = pair.dialled().send(records).doOnTerminate(check);
        Mono<Void> reading = pair.dialled()
                .inbound()
                .doOnNext(chunk -> check.run())
                .doOnTerminate(check)
                .then();
        sending.subscribe(end -> {}, e -> {}, pair.dialled()::closeOutput);
        awaitEnd(reading);
        pair.dialled().onClose().doOnTerminate(check).subscribe();
        pair.dialled().close();
        awaitEnd(pair.dialled().onClose());

        assertThat(violations).hasValue(0);
    }

    @Test
    void carriesManyLinksAtOnce() {
        int links = 100;
        LinkListener listener = await(transport.listen(anywhere(), this::echo));

        List<Boolean> same = await(Flux.range(0, links)
                .flatMap(
                        i -> transport
                                .connect(listener.address(), PATIENCE)
                                .flatMap(link -> roundTrip(link, SEED + i, 100_000)),
                        links)
                .collectList());

        assertThat(same).hasSize(links).doesNotContain(false);
        awaitEnd(listener.close());
    }

    @Test
    void connectingToNobodyFailsTyped() {
        StepVerifier.create(transport.connect(nowhere(), PATIENCE))
                .expectErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(ConnectException.class);
                    assertThat(((ConnectException) e).reason().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
                    assertThat(((ConnectException) e).reason().retryable()).isTrue();
                })
                .verify(PATIENCE);
    }

    @Test
    void listeningTwiceAtOneAddressFailsTypedAndHarmsNothing() {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport.listen(anywhere(), accepted::add));

        StepVerifier.create(transport.listen(listener.address(), link -> {}))
                .expectErrorSatisfies(e -> {
                    assertThat(e).isInstanceOf(ListenException.class);
                    assertThat(((ListenException) e).reason().error()).isEqualTo(ErrorCode.BIND_FAILED);
                })
                .verify(PATIENCE);

        await(transport.connect(listener.address(), PATIENCE));
        accepted.next();
    }

    @Test
    void aClosedListenerFreesItsAddressAndLeavesItsLinks() {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport.listen(anywhere(), accepted::add));
        Link dialled = await(transport.connect(listener.address(), PATIENCE));
        Link old = accepted.next();

        awaitEnd(listener.close());
        awaitEnd(listener.close());
        awaitEnd(listener.onClose());

        assertThat(listener.isDisposed()).isTrue();
        LinkListener again = await(transport.listen(listener.address(), accepted::add));
        assertThat(again.address()).isEqualTo(listener.address());
        await(transport.connect(again.address(), PATIENCE));
        accepted.next();
        Mono<String> read = text(old).cache();
        read.subscribe();
        awaitEnd(send(dialled, "still here"));
        dialled.closeOutput();
        assertThat(await(read)).isEqualTo("still here");
    }

    @Test
    void aHandlerThatThrowsLosesItsLinkOnly() {
        AtomicInteger calls = new AtomicInteger();
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport.listen(anywhere(), link -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("thrown on purpose");
            }
            accepted.add(link);
        }));

        Link first = await(transport.connect(listener.address(), PATIENCE));
        assertThat(await(text(first).onErrorReturn("").defaultIfEmpty(""))).isEmpty();
        await(transport.connect(listener.address(), PATIENCE));

        accepted.next();
    }

    @Test
    void cancelledConnectsLeaveNothing() {
        AtomicInteger open = new AtomicInteger();
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport.listen(anywhere(), link -> {
            open.incrementAndGet();
            link.onClose().subscribe(end -> {}, e -> {}, open::decrementAndGet);
            link.inbound().subscribe(chunk -> accepted.add(link), e -> link.close(), link::close);
        }));

        for (int i = 0; i < 200; i++) {
            // Subscribers that ask for nothing, then vanish: at once, or when the connection may stand already.
            BaseSubscriber<Link> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
            };
            transport.connect(listener.address(), PATIENCE).subscribe(subscriber);
            if (i % 2 == 0) {
                after(Duration.ofNanos(i * 10_000L), subscriber::cancel);
            } else {
                subscriber.cancel();
            }
        }
        Link last = await(transport.connect(listener.address(), PATIENCE));
        awaitEnd(send(last, "x"));
        accepted.next();

        awaitTrue("only the last link is open", () -> open.get() == 1);
    }

    @Test
    void disposingTheTransportEndsListenersAndLinks() {
        LinkTransport other = newTransportOfSameWorld();
        Accepted accepted = new Accepted();
        LinkListener listener = await(other.listen(anywhere(), accepted::add));
        Link dialled = await(transport.connect(listener.address(), PATIENCE));
        Link link = accepted.next();

        awaitEnd(other.disposeLater());

        assertThat(other.isDisposed()).isTrue();
        awaitEnd(link.onClose());
        awaitEnd(text(dialled).onErrorResume(IOException.class, e -> Mono.empty()));
        awaitEnd(listener.onClose());
        StepVerifier.create(transport.connect(listener.address(), PATIENCE))
                .expectError(ConnectException.class)
                .verify(PATIENCE);
        StepVerifier.create(other.connect(listener.address(), PATIENCE))
                .expectError(ConnectException.class)
                .verify(PATIENCE);
        StepVerifier.create(other.listen(anywhere(), l -> {}))
                .expectError(ListenException.class)
                .verify(PATIENCE);
    }

    @Test
    void refusesAddressesOfOtherTransports() {
        PeerAddress foreign = new PeerAddress("other", "host", 1, null);

        assertThatThrownBy(() -> transport.connect(foreign, PATIENCE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transport.listen(foreign, link -> {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transport.connect(nowhere(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
        assertThat(nowhere().scheme()).isEqualTo(transport.scheme());
    }

    /** Runs something elsewhere and soon. */
    protected void after(Duration delay, Runnable action) {
        Mono.delay(delay).subscribe(tick -> action.run());
    }

    /** Another transport that can reach the first one's listeners, and be reached. */
    protected abstract LinkTransport newTransportOfSameWorld();

    private void echo(Link link) {
        Sinks.Many<ByteBuffer> back = Sinks.many().unicast().onBackpressureBuffer();
        link.send(back.asFlux()).subscribe(end -> {}, e -> link.close(), link::closeOutput);
        link.inbound().subscribe(chunk -> back.tryEmitNext(copy(chunk)), back::tryEmitError, back::tryEmitComplete);
    }

    private static Mono<Boolean> roundTrip(Link link, long seed, long volume) {
        Sum sent = new Sum();
        Mono<Void> sending = link.send(randomRecords(seed, volume, 5_000, sent)).doOnSuccess(end -> link.closeOutput());
        return Mono.zip(sum(link), sending.thenReturn(1))
                .map(sums -> sums.getT1().bytes() == volume && sums.getT1().crc() == sent.crc())
                .doFinally(end -> link.close());
    }

    private static <T> Mono<T> onLoop(Link link, java.util.concurrent.Callable<T> question) {
        return Mono.create(sink -> link.loop().execute(() -> {
            try {
                sink.success(question.call());
            } catch (Exception e) {
                sink.error(e);
            }
        }));
    }

    private static ByteBuffer copy(ByteBuffer chunk) {
        byte[] array = new byte[chunk.remaining()];
        chunk.get(array);
        return ByteBuffer.wrap(array);
    }

    private static LinkTransport unset() {
        return new LinkTransport() {
            @Override
            public String scheme() {
                return "unset";
            }

            @Override
            public Mono<Link> connect(PeerAddress address, Duration timeout) {
                return Mono.error(new IllegalStateException("not set up"));
            }

            @Override
            public Mono<LinkListener> listen(PeerAddress address, java.util.function.Consumer<? super Link> onLink) {
                return Mono.error(new IllegalStateException("not set up"));
            }

            @Override
            public void dispose() {}

            @Override
            public Mono<Void> disposeLater() {
                return Mono.empty();
            }
        };
    }
}
