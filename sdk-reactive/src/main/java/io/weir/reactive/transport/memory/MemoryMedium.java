package io.weir.reactive.transport.memory;

import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * What lies between the hosts of a {@link MemoryNetwork}: it decides when what one end of a link says arrives at the
 * other end, and in which pieces. An SPI for networks that are not perfect; a host is what a transport of the network is
 * called. Thread: whatever the hosts' schedulers are; arrivals may be reported on any thread.
 */
public interface MemoryMedium {

    /** Where a host's ends of links run. */
    Scheduler scheduler(String host);

    /** Where others see the dials of a host come from at this moment. */
    default String address(String host) {
        return host;
    }

    /** The path of a new link; asked once for each dial, before anything is carried. */
    Path path(End dialling, End accepting);

    /** The two directions of one link. */
    interface Path {

        /** From the end that dials. */
        Carrier there();

        Carrier back();

        /** The link is gone at both ends: nothing needs to be carried any more. */
        void closed();
    }

    /**
     * One direction of a link. What is given to it arrives in order, once, or never; {@link Signal#TAKEN} and {@link
     * Signal#RESET} may overtake.
     */
    interface Carrier {

        /** Bytes, which belong to the carrier from now on; they may arrive in several pieces. */
        void carry(byte[] bytes, Consumer<byte[]> arrival);

        void carry(Signal signal, Runnable arrival);
    }

    /** What one end says to the other beside bytes. */
    enum Signal {
        /** A link is wanted; the first of all. */
        DIAL,
        /** Somebody listens. */
        ANSWER,
        /** Nobody does. */
        REFUSAL,
        /** Answered: from here on the link exists at the accepting end. */
        JOIN,
        /** The reader has taken bytes, so that the writer may write more. */
        TAKEN,
        /** The output has ended. */
        END,
        /** The link is broken. */
        RESET
    }

    /** One end of a link, as the medium may touch it. Any thread; takes effect as a task of the end's loop. */
    interface End {

        String host();

        /** Breaks the link at this end only, with an {@link java.io.IOException} of this message. */
        void reset(String cause);

        /** Lets this end believe that the other one has ended its output. */
        void endInput();
    }
}
