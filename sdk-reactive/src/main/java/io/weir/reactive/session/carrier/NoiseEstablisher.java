package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.handshake.HandshakeResult;
import io.weir.core.handshake.HandshakeResult.Established;
import io.weir.core.handshake.HandshakeResult.Failed;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Reject;
import io.weir.core.handshake.Role;
import io.weir.core.handshake.StreamHandshake;
import io.weir.core.identity.PeerId;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.SessionLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Noise over a link of bytes: hosts one {@link StreamHandshake}, and hands the link to a {@link RecordCarrier} when the peer has
 * proved who it is. The first records follow the last message of the handshake without a pause. Loop-confined.
 */
final class NoiseEstablisher implements Establisher, LinkInput {

    private static final Logger LOG = LoggerFactory.getLogger(NoiseEstablisher.class);

    /** More than a handshake sends, so that one small array holds them: it lives as long as the session. */
    private static final int MESSAGES = 8;

    private final Link link;
    private final String transport;
    private final HandshakeConfig config;
    private final RandomBytes random;
    private final RecordBuffers buffers;
    private final LinkInput.Reader reader = new LinkInput.Reader(this);
    private final Sinks.Many<ByteBuffer> handshakeBytes = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<ByteBuffer>unbounded(MESSAGES).get());
    private @Nullable StreamHandshake handshake;
    private @Nullable Outcome outcome;
    private @Nullable RecordCarrier carrier;
    private Flux<ByteBuffer> records = Flux.empty();
    private long startedNanos;
    private boolean done;

    NoiseEstablisher(Link link, String transport, HandshakeConfig config, RandomBytes random, RecordBuffers buffers) {
        this.link = link;
        this.transport = transport;
        this.config = config;
        this.random = random;
        this.buffers = buffers;
    }

    @Override
    public void start(Role role, @Nullable PeerId expected, Outcome told) {
        outcome = told;
        handshake = role == Role.INITIATOR
                ? StreamHandshake.initiator(config.withExpectedPeer(expected), random)
                : StreamHandshake.responder(config.withExpectedPeer(expected), random);
        startedNanos = link.loop().nowNanos();
        link.send(Flux.concat(handshakeBytes.asFlux(), Flux.defer(() -> records)))
                .subscribe(null, this::outboundFailed, this::outboundEnded);
        link.inbound().subscribe(reader);
        pollOutput(handshake);
    }

    // ---- the link

    @Override
    public void onBytes(ByteBuffer chunk) {
        StreamHandshake running = handshake;
        if (done || running == null) {
            chunk.position(chunk.limit());
            return;
        }
        running.receive(chunk);
        pollOutput(running);
        HandshakeResult result = running.result();
        if (result instanceof Established established) {
            onEstablished(established);
        } else if (result instanceof Failed refused) {
            fail(refused.reason());
        }
    }

    private void pollOutput(StreamHandshake from) {
        byte[] bytes;
        while ((bytes = from.pollOutput()) != null) {
            handshakeBytes.tryEmitNext(ByteBuffer.wrap(bytes));
        }
    }

    private void onEstablished(Established established) {
        long roundTripNanos = link.loop().nowNanos() - startedNanos;
        RecordCarrier made = new RecordCarrier(link, established, buffers, roundTripNanos, this::toRecords);
        carrier = made;
        told().established(new Association(established.peer(), made, link.remoteAddress(), transport));
        if (!done) {
            done = true; // nobody has started it
            made.close();
        }
    }

    private void toRecords(LinkInput inbound, Flux<ByteBuffer> outbound) {
        done = true;
        handshake = null; // what it has agreed on is the carrier's
        records = outbound;
        reader.become(inbound);
        handshakeBytes.tryEmitComplete();
    }

    @Override
    public void onLinkEnd(@Nullable Throwable failure) {
        fail(CloseReason.local(ErrorCode.LINK_LOST, "the link ended during the handshake"));
        link.close();
    }

    @Override
    public void onDefect(Throwable defect) {
        LOG.error("A defect ends the handshake with {}", link.remoteAddress(), defect);
        fail(CloseReason.local(ErrorCode.INTERNAL, "a defect: " + defect));
        if (Fault.isFatal(defect)) {
            Fault.throwOn(defect);
        }
    }

    private void outboundFailed(Throwable e) {
        if (!(e instanceof IOException)) {
            // the link is closed by now, so this can no longer be said to the peer
            LOG.error("A defect ends the link to {}", link.remoteAddress(), e);
        }
        outboundEnded();
    }

    private void outboundEnded() {
        RecordCarrier running = carrier;
        if (running != null) {
            running.onOutboundEnded();
        } else {
            link.closeOutput();
        }
    }

    // ---- the end

    private void fail(CloseReason reason) {
        if (!done) {
            abort(reason.error());
            told().failed(reason);
        }
    }

    @Override
    public void abort(ErrorCode code) {
        if (done) {
            return;
        }
        done = true;
        StreamHandshake running = handshake;
        if (running != null) {
            running.abort(code);
        }
        handshakeBytes.tryEmitComplete();
        // a reject may be on its way: give it a moment, then close on whatever the peer still sends
        link.loop().schedule(link::close, link.loop().nowNanos() + LINGER_NANOS);
    }

    @Override
    public void refuse(ErrorCode code) {
        done = true;
        link.send(Mono.just(ByteBuffer.wrap(Reject.of(code).encode()))).subscribe(null, e -> {});
        link.close();
    }

    @Override
    public void close() {
        link.close();
    }

    // ---- queries

    @Override
    public SessionLoop loop() {
        return link.loop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return link.remoteAddress();
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public Mono<Void> onClose() {
        return link.onClose();
    }

    @Override
    public HandshakeStage stage() {
        if (carrier != null) {
            return HandshakeStage.PROCESSING;
        }
        if (!link.writable()) {
            return HandshakeStage.WRITING;
        }
        StreamHandshake running = handshake;
        return running != null && running.readsBody() ? HandshakeStage.READING_BODY : HandshakeStage.READING_HEADER;
    }

    private Outcome told() {
        return Objects.requireNonNull(outcome, "started");
    }

    @Override
    public String toString() {
        StreamHandshake running = handshake;
        if (running != null) {
            return running.toString();
        }
        return carrier == null ? "a handshake that has not begun" : "a handshake that is done";
    }
}
