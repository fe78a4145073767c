package io.weir.spring.handler;

import io.weir.spring.aot.MethodHints;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/** Tells a native image of the methods of beans that handle. */
final class HandlerHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        if (!DeclaredHandlers.isHandler(type)) {
            return null;
        }
        return (context, code) -> {
            for (HandlerKind kind : HandlerKind.values()) {
                DeclaredHandlers.methods(kind, type)
                        .forEach(method -> MethodHints.add(context.getRuntimeHints(), method));
            }
        };
    }
}
