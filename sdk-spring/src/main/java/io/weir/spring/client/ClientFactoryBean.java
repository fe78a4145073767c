package io.weir.spring.client;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartFactoryBean;

/**
 * The bean of one client.
 *
 * @param <T> its interface
 */
public final class ClientFactoryBean<T> implements SmartFactoryBean<T>, BeanFactoryAware {

    private final Class<T> type;
    private @Nullable BeanFactory beans;

    public ClientFactoryBean(Class<T> type) {
        this.type = type;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans = beanFactory;
    }

    @Override
    public T getObject() {
        BeanFactory in = beans;
        if (in == null) {
            throw new IllegalStateException("the client " + type.getName() + " is in no container");
        }
        return in.getBean(ClientProxies.class).create(type);
    }

    @Override
    public Class<T> getObjectType() {
        return type;
    }

    /** So that one that can ask nobody is found at the start, and not by its first user. */
    @Override
    public boolean isEagerInit() {
        return true;
    }
}
