package io.weir.spring.discovery;

import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.zookeeper.serviceregistry.ZookeeperRegistration;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Makes the instance of a registration with ZooKeeper, which has no metadata before. With port 0, for which Spring Cloud puts that of the
 * web server then: one that is made without a port ends the registration with a NullPointerException. Heard first.
 */
public final class ZookeeperInstances implements ApplicationListener<InstancePreRegisteredEvent>, Ordered {

    /** Of no state. */
    public ZookeeperInstances() {}

    @Override
    public void onApplicationEvent(InstancePreRegisteredEvent event) {
        if (event.getRegistration() instanceof ZookeeperRegistration registration && registration.getHost() == null) {
            registration.setPort(0);
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
