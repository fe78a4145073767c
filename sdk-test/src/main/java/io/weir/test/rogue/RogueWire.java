package io.weir.test.rogue;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link RoguePeer}, under its full control: nothing is read or written but on its call. */
interface RogueWire extends AutoCloseable {

    void write(byte[] bytes);

    /** Some of what came, at least one byte; null when the node has ended or broken the connection. */
    byte @Nullable [] read();

    /** The same without waiting: empty if nothing is there yet. */
    byte @Nullable [] poll();

    /** Where the node sees this end. */
    SocketAddress source();

    /** FIN. */
    void closeOutput();

    /** Ends the connection as an operating system does for a process that died: RST. */
    void abort();

    @Override
    void close();
}
