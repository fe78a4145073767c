package io.weir.spring.autoconfigure;

import io.weir.spring.discovery.NodeMetadata;
import io.weir.spring.discovery.NodeRegistration;
import io.weir.spring.discovery.ZookeeperInstances;
import io.weir.spring.node.ApplicationNode;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.zookeeper.serviceregistry.ZookeeperRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The node's place in what the application registers with Spring Cloud's engines. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass(AbstractAutoServiceRegistration.class)
@ConditionalOnBean(ApplicationNode.class)
@ConditionalOnBooleanProperty(name = "weir.discovery.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "weir.discovery.register", matchIfMissing = true)
public final class WeirRegistrationAutoConfiguration {

    WeirRegistrationAutoConfiguration() {}

    @Bean
    NodeMetadata weirNodeMetadata(ApplicationNode node) {
        return new NodeMetadata(node);
    }

    @Bean
    @ConditionalOnNotWebApplication
    NodeRegistration weirNodeRegistration(
            ApplicationNode node, ObjectProvider<AbstractAutoServiceRegistration<?>> registrations) {
        return new NodeRegistration(node, registrations.orderedStream().toList());
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ZookeeperRegistration.class)
    static class ByZookeeper {

        @Bean
        ZookeeperInstances weirZookeeperInstances() {
            return new ZookeeperInstances();
        }
    }
}
