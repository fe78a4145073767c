package io.weir.spring.client;

import io.weir.spring.aot.MethodHints;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;

/** Tells a native image of the proxies of clients. */
final class ClientHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Object type = bean.getMergedBeanDefinition().getAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE);
        if (!ClientFactoryBean.class
                        .getName()
                        .equals(bean.getMergedBeanDefinition().getBeanClassName())
                || !(type instanceof Class<?> client)) {
            return null;
        }
        return (context, code) -> {
            RuntimeHints hints = context.getRuntimeHints();
            hints.proxies().registerJdkProxy(client);
            hints.reflection().registerType(client, MemberCategory.INVOKE_PUBLIC_METHODS);
            for (Method method : client.getMethods()) {
                MethodHints.add(hints, method);
            }
        };
    }
}
