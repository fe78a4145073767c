package io.weir.reactive.session.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.crypto.X25519KeyPair;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.Role;
import io.weir.core.identity.Identity;
import io.weir.core.identity.NetworkKey;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.FrameOrder;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A link becomes an association or a typed failure; both ends in memory and in virtual time. */
class NoiseEstablisherTest {

    private static final RandomBytes RANDOM = new SecureRandom()::nextBytes;
    private static final PeerAddress PLACE = PeerAddress.memory("listener");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final HandshakeConfig dialler = config();
    private final HandshakeConfig listener = config();
    private final Told atDialler = new Told();
    private final Told atListener = new Told();
    private final List<Link> links = links();

    @AfterEach
    void endTime() {
        time.dispose();
    }

    @Test
    void bothEndsLearnWhoTheOtherIs() {
        establish(dialler, idOf(listener), listener);
        Association dialled = atDialler.association();
        Association accepted = atListener.association();
        assertThat(dialled.peer()).isEqualTo(idOf(listener));
        assertThat(accepted.peer()).isEqualTo(idOf(dialler));
        assertThat(dialled.carrier().order()).isEqualTo(FrameOrder.TOTAL);
        assertThat(dialled.carrier().loop()).isSameAs(links.get(0).loop());
        assertThat(dialled.remoteAddress()).isEqualTo(links.get(0).remoteAddress());
    }

    @Test
    void aDiallerThatMeetsAnotherPeerShowsItselfToNobody() {
        establish(dialler, idOf(config()), listener);
        assertThat(atDialler.failure().error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
        assertThat(atDialler.failure().origin()).isEqualTo(Origin.LOCAL);
        time.advanceTimeBy(Duration.ofNanos(Establisher.LINGER_NANOS));
        assertThat(atListener.association).isNull();
        assertThat(atListener.failure().error()).isEqualTo(ErrorCode.LINK_LOST);
    }

    @Test
    void whoDoesNotSpeakOfTheNetworkKeyIsRejected() {
        establish(dialler, null, listener.withNetworkKey(NetworkKey.of(new byte[NetworkKey.LENGTH])));
        assertThat(atDialler.failure().error()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(atDialler.failure().origin()).isEqualTo(Origin.UNPROVEN);
        assertThat(atListener.failure().error()).isEqualTo(ErrorCode.SUITE_UNSUPPORTED);
        assertThat(atListener.failure().origin()).isEqualTo(Origin.LOCAL);
    }

    @Test
    void whoIsRefusedIsToldWhyWithoutAHandshake() {
        dial();
        links.get(1).loop().execute(() -> establisher(links.get(1), listener).refuse(ErrorCode.TOO_MANY_HANDSHAKES));
        time.advanceTime();
        assertThat(atDialler.failure().error()).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES);
        assertThat(closed(links.get(1))).isTrue();
    }

    @Test
    void aLinkThatEndsIsAFailure() {
        dial();
        links.get(1).close();
        time.advanceTime();
        assertThat(atDialler.failure().error()).isEqualTo(ErrorCode.LINK_LOST);
        assertThat(closed(links.get(0))).isTrue();
    }

    @Test
    void whoAbortsIsToldNothingAndTheLinkClosesAfterAMoment() {
        Establisher aborted = establisher(links.get(0), dialler);
        links.get(0).loop().execute(() -> {
            aborted.start(Role.INITIATOR, null, atDialler);
            aborted.abort(ErrorCode.HANDSHAKE_TIMEOUT);
        });
        time.advanceTimeBy(Duration.ofNanos(Establisher.LINGER_NANOS - 1));
        assertThat(closed(links.get(0))).isFalse();
        time.advanceTimeBy(Duration.ofNanos(1));
        assertThat(closed(links.get(0))).isTrue();
        assertThat(atDialler.outcomes).isZero();
    }

    @Test
    void whatIsNoHandshakeIsATypedFailure() {
        links.get(1).loop().execute(() -> establisher(links.get(1), listener).start(Role.RESPONDER, null, atListener));
        links.get(0)
                .send(Flux.just(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))))
                .subscribe(null, e -> {});
        time.advanceTime();
        assertThat(atListener.failure().error()).isEqualTo(ErrorCode.NOT_WEIR);
    }

    @Test
    void anAssociationThatNobodyTakesIsClosedAndNothingMoreIsTold() {
        establish(dialler, null, listener);
        assertThat(closed(links.get(0))).isTrue();
        assertThat(closed(links.get(1))).isTrue();
        assertThat(atDialler.outcomes).isEqualTo(1);
        assertThat(atListener.outcomes).isEqualTo(1);
    }

    private void establish(HandshakeConfig from, @Nullable PeerId expected, HandshakeConfig to) {
        links.get(0).loop().execute(() -> establisher(links.get(0), from).start(Role.INITIATOR, expected, atDialler));
        links.get(1).loop().execute(() -> establisher(links.get(1), to).start(Role.RESPONDER, null, atListener));
        time.advanceTime();
    }

    private void dial() {
        links.get(0).loop().execute(() -> establisher(links.get(0), dialler).start(Role.INITIATOR, null, atDialler));
    }

    private static Establisher establisher(Link link, HandshakeConfig config) {
        return new NoiseHandshakes(config, RANDOM, new RecordBuffers()).over(link, "memory");
    }

    private List<Link> links() {
        MemoryNetwork network = MemoryNetwork.on(time);
        AtomicReference<Link> accepted = new AtomicReference<>();
        AtomicReference<Link> dialled = new AtomicReference<>();
        network.transport().listen(PLACE, accepted::set).subscribe();
        network.transport().connect(PLACE, Duration.ofSeconds(1)).subscribe(dialled::set);
        time.advanceTime();
        List<Link> both = new ArrayList<>();
        both.add(Objects.requireNonNull(dialled.get()));
        both.add(Objects.requireNonNull(accepted.get()));
        return both;
    }

    private boolean closed(Link link) {
        boolean[] closed = {false};
        link.onClose().subscribe(null, null, () -> closed[0] = true);
        time.advanceTime();
        return closed[0];
    }

    private static PeerId idOf(HandshakeConfig config) {
        return config.identity().peerId();
    }

    private static HandshakeConfig config() {
        return HandshakeConfig.of(Identity.generate(RANDOM), X25519KeyPair.generate(RANDOM));
    }

    /** What one end was told. */
    private static final class Told implements Establisher.Outcome {
        private @Nullable Association association;
        private @Nullable CloseReason failure;
        private int outcomes;

        @Override
        public void established(Association made) {
            outcomes++;
            association = made;
        }

        @Override
        public void failed(CloseReason reason) {
            outcomes++;
            failure = reason;
        }

        Association association() {
            return Objects.requireNonNull(association, () -> "no association: " + failure);
        }

        CloseReason failure() {
            return Objects.requireNonNull(failure, () -> "no failure: " + association);
        }
    }
}
