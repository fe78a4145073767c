package io.weir.reactive.architecture;

import java.util.List;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking calls that the tests allow on event loops, each with its reason; BlockHound finds this as a service. */
public final class AllowedBlocking implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Refills its pool from /dev/urandom, which never waits once the system is up; a handshake draws its key from
        // it.
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "implNextBytes");
        builder.allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "implGenerateSeed");
        // The JDK reads its settings of sockets (net.properties) once, when the first is made.
        builder.allowBlockingCallsInside("sun.net.NetProperties", "loadDefaultProperties");
        // Netty's allocator holds its locks for a few instructions.
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator", "allocate");
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free");
        // toIterable and toStream hold their lock for a few instructions, at the emitting thread and at the one that
        // reads;
        // what is thrown there instead is lost with the iterator's next element
        // (docs-site/virtual-threads.md).
        builder.allowBlockingCallsInside(
                "reactor.core.publisher.BlockingIterable$SubscriberIterator", "signalConsumer");
        // The TCK's subscribers hold theirs likewise, and lose the signal.
        for (String method : List.of("add", "complete")) {
            builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Receptacle", method);
        }
        for (String method : List.of("complete", "completeImmediatly")) { // their spelling
            builder.allowBlockingCallsInside("org.reactivestreams.tck.TestEnvironment$Promise", method);
        }
    }
}
