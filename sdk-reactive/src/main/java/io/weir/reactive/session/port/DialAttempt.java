package io.weir.reactive.session.port;

import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.DatagramInitiator;
import io.weir.core.handshake.HandshakeConfig;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.session.packet.PacketKeys;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** A dial's handshake with one of the addresses of its peer: hosts one {@link DatagramInitiator}, and its timer. */
final class DialAttempt implements IndexOwner {

    private final DialledConnection dial;
    private final Port port;
    private final PathAddress to;
    private final int ownIndex;
    private final DatagramInitiator initiator;
    private @Nullable Disposable timer;
    private boolean told;
    private boolean over;

    private DialAttempt(DialledConnection dial, PathAddress to, HandshakeConfig config) {
        this.dial = dial;
        this.port = dial.port();
        this.to = to;
        this.ownIndex = port.indexes().claim(this);
        long nowNanos = port.loop().nowNanos();
        this.initiator = new DatagramInitiator(config, ownIndex, port.settings().random(), port.drops(), nowNanos);
    }

    /** One that is not begun; null if the port has no index for it. */
    static @Nullable DialAttempt to(PathAddress to, DialledConnection dial, HandshakeConfig config) {
        return dial.port().indexes().isFull() ? null : new DialAttempt(dial, to, config);
    }

    void begin() {
        step();
    }

    /** Gives up for a reason outside. */
    void abort(ErrorCode code) {
        initiator.abort(code);
        step();
    }

    /** The peer's first packet shows that it has the keys: message 3 goes out no more. */
    void onAuthenticated() {
        initiator.onAuthenticated();
        end();
    }

    /** Nothing is done any more; the index is free, unless it is a session's by now. */
    void end() {
        over = true;
        disarm();
        if (initiator.established() == null) {
            initiator.abort(ErrorCode.CANCELLED); // which destroys what it knows
            port.indexes().release(ownIndex);
        }
    }

    /** What it has come to; once it is established. */
    PacketKeys keys() {
        return new PacketKeys(
                Objects.requireNonNull(initiator.established(), "established"),
                ownIndex,
                initiator.peerIndex(),
                to,
                initiator.roundTripNanos());
    }

    @Override
    public void onAnswer(byte[] datagram, int length) {
        initiator.receive(datagram, length, port.loop().nowNanos());
        step();
    }

    @Override
    public void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        if (told) {
            dial.onPacket(array, offset, length, from, mark);
        } else {
            port.drops().add(Drop.LATE); // it has overtaken message 2, without which it does not open
        }
    }

    private void step() {
        byte[] due = initiator.poll(port.loop().nowNanos());
        if (due != null) {
            port.send(due, to);
        }
        CloseReason failure = initiator.failure();
        if (failure != null) {
            dial.onFailed(this, failure);
        } else if (initiator.established() != null && !told) {
            told = true;
            dial.onEstablished(this);
        }
        arm();
    }

    private void arm() {
        disarm();
        long deadlineNanos = initiator.deadlineNanos();
        if (!over && deadlineNanos != Long.MAX_VALUE) {
            timer = port.loop().schedule(this::step, deadlineNanos);
        }
    }

    private void disarm() {
        Disposable armed = timer;
        if (armed != null) {
            armed.dispose();
            timer = null;
        }
    }

    @Override
    public String toString() {
        return initiator.toString();
    }
}
