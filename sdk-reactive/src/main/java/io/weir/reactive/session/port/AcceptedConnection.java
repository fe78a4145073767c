package io.weir.reactive.session.port;

import io.weir.core.datagram.PacketSealer;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.Arrival;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.session.packet.PacketKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has begun, from its message 3 on: it has proved who it is and where it is, or shown that it must be refused. So all
 * that is left to do is to say which.
 */
final class AcceptedConnection extends PortConnection {

    private static final int END_BYTES = 16;

    private final Arrival arrival;
    private boolean taken;

    AcceptedConnection(Port port, Arrival arrival) {
        super(port, addressOf(arrival));
        this.arrival = arrival;
        port.add(this);
        if (arrival instanceof Arrival.Proved proved) {
            port.indexes().pass(proved.ownIndex(), this);
        }
    }

    private static PathAddress addressOf(Arrival arrival) {
        return arrival instanceof Arrival.Proved proved ? proved.address() : ((Arrival.Refused) arrival).address();
    }

    @Override
    public void start(Role role, @Nullable PeerId expected, Outcome told) {
        taken = true;
        if (arrival instanceof Arrival.Proved proved) {
            PacketKeys keys = new PacketKeys(
                    proved.established(),
                    proved.ownIndex(),
                    proved.peerIndex(),
                    proved.address(),
                    proved.roundTripNanos());
            establish(keys, told);
        } else {
            CloseReason reason = ((Arrival.Refused) arrival).reason();
            end();
            told.failed(reason);
        }
    }

    @Override
    public void abort(ErrorCode code) {
        if (!taken) {
            end();
        }
    }

    /** One packet says so, which nobody sends again: a crowd at the door must cost no memory. */
    @Override
    public void refuse(ErrorCode code) {
        if (arrival instanceof Arrival.Proved proved && !taken) {
            sayEnd(proved, code);
        }
        end();
    }

    private void sayEnd(Arrival.Proved to, ErrorCode code) {
        FrameWriter frames = new FrameWriter(END_BYTES, END_BYTES);
        frames.write(new SessionFrame.End(code.number()));
        byte[] packet = new byte[frames.position() + PacketSealer.OVERHEAD];
        PacketSealer sealer = new PacketSealer(to.established().sending(), to.peerIndex());
        int length = sealer.seal(0, frames.array(), 0, frames.position(), packet);
        if (length > 0) {
            port().send(Arrays.copyOf(packet, length), to.address());
        }
    }

    @Override
    void onPortLost() {
        end();
    }

    @Override
    void onEnd() {
        if (arrival instanceof Arrival.Proved proved && !taken) {
            forget(proved.established());
            port().indexes().release(proved.ownIndex());
        }
    }

    @Override
    public String toString() {
        return arrival instanceof Arrival.Proved ? "the peer has proved who it is" : arrival.toString();
    }
}
