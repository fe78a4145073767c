package io.weir.reactive.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options of sockets that not every system, JDK or kind of channel has: where there is none the socket works without it. */
public final class SocketOptions {

    private static final Logger LOG = LoggerFactory.getLogger(SocketOptions.class);

    private SocketOptions() {}

    /** Sets an option that the channel knows, and that the system may refuse. */
    public static <T> void trySet(Channel channel, ChannelOption<T> option, T value) {
        try {
            channel.config().setOption(option, value);
        } catch (ChannelException e) {
            LOG.debug("{} is not set for {}", option, channel, e);
        }
    }

    /**
     * Sets an option of the JDK's channels by its name, for those that come with a later JDK, or from a module that may be absent.
     *
     * @param value of the type that the option's documentation has
     */
    @SuppressWarnings("unchecked")
    public static <T> void trySet(Channel channel, String name, T value) {
        for (ChannelOption<?> option : channel.config().getOptions().keySet()) {
            if (option instanceof NioChannelOption<?> nio && nio.name().equals(name)) {
                trySet(channel, (ChannelOption<T>) nio, value);
                return;
            }
        }
    }
}
