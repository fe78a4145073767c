package io.weir.reactive.session.port;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.reactive.transport.DatagramSocket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Small datagrams on their way to a socket: those that follow each other with one size and one destination go in one piece, which
 * costs a call into the system for all of them where it cuts them apart. On the socket's loop.
 */
final class DatagramBatch {

    private static final int BYTES = 32 << 10;

    private final DatagramSocket socket;
    private final byte[] array = new byte[BYTES];
    private final ByteBuffer view = ByteBuffer.wrap(array);
    private int end;
    private int count;
    private int segmentBytes;
    private @Nullable PathAddress to;

    DatagramBatch(DatagramSocket socket) {
        this.socket = socket;
    }

    /**
     * Room for one more, from position to limit: the same object each time. It becomes a datagram by {@link #add}, else it is nothing.
     *
     * @param most bytes of it, 32 KiB at the most
     */
    ByteBuffer begin(int most) {
        if (end + most > BYTES) {
            flush();
        }
        return view.limit(end + most).position(end);
    }

    /** What was written since {@link #begin}, 1 byte or more, is a datagram to there. */
    void add(PathAddress address) {
        int length = view.position() - end;
        if (count > 0 && (length != segmentBytes || !isDestination(address))) {
            int start = end;
            flush();
            System.arraycopy(array, start, array, 0, length);
        }
        segmentBytes = length;
        to = address;
        end += length;
        count++;
        if (count == socket.mostSegments()) {
            flush();
        }
    }

    /** Nothing waits here any more. */
    void flush() {
        PathAddress address = to;
        if (address != null) {
            socket.send(array, 0, end, segmentBytes, address, Ecn.NOT_ECT);
        }
        end = 0;
        count = 0;
        to = null;
    }

    /** Peers that are known have one object for their address. */
    private boolean isDestination(PathAddress address) {
        return address == to || address.equals(to);
    }
}
