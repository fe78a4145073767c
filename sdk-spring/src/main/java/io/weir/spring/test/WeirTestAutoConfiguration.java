package io.weir.spring.test;

import io.weir.spring.autoconfigure.HandlerThreads;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.test.TestNodes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import reactor.core.scheduler.Schedulers;

/** A simulated network in place of the real one, for {@link WeirTest} only. */
@AutoConfiguration(before = WeirAutoConfiguration.class)
public final class WeirTestAutoConfiguration {

    WeirTestAutoConfiguration() {}

    @Bean
    SimulatedStarter weirSimulatedStarter(ObjectProvider<TestPeer> peers) {
        return new SimulatedStarter(peers.orderedStream().toList());
    }

    /** There when the application has started. */
    @Bean(destroyMethod = "")
    @Lazy
    TestNodes weirTestNodes(SimulatedStarter starter) {
        return starter.nodes();
    }

    @Bean
    HandlerThreads weirHandlerThreads() {
        return new HandlerThreads(Schedulers.immediate());
    }
}
