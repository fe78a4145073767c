package io.weir.spring.client;

import io.weir.spring.WeirClient;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Registers a bean for each annotated interface in the packages of the application: when all configurations are read, since tests
 * import theirs before those packages are known.
 */
public final class ClientScan implements BeanDefinitionRegistryPostProcessor {

    private final Environment environment;
    private final ResourceLoader resources;

    public ClientScan(Environment environment, ResourceLoader resources) {
        this.environment = environment;
        this.resources = resources;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        BeanFactory beans = (BeanFactory) registry;
        List<String> packages = AutoConfigurationPackages.has(beans) ? AutoConfigurationPackages.get(beans) : List.of();
        ClassPathScanningCandidateComponentProvider scanner = new Interfaces(environment);
        scanner.setResourceLoader(resources);
        scanner.addIncludeFilter(new AnnotationTypeFilter(WeirClient.class, true, true));
        for (String name : packages) {
            scanner.findCandidateComponents(name).forEach(candidate -> register(candidate, registry));
        }
    }

    /** Under its full name, and for whoever finds no other bean of that type: one of the application's own comes first. */
    private void register(BeanDefinition candidate, BeanDefinitionRegistry registry) {
        String name = Objects.requireNonNull(candidate.getBeanClassName());
        if (registry.containsBeanDefinition(name)) {
            return; // by processing ahead of time
        }
        Class<?> type = ClassUtils.resolveClassName(name, resources.getClassLoader());
        RootBeanDefinition client = new RootBeanDefinition(ClientFactoryBean.class);
        client.setTargetType(ResolvableType.forClassWithGenerics(ClientFactoryBean.class, type));
        client.getConstructorArgumentValues().addGenericArgumentValue(type);
        client.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, type);
        client.setFallback(true);
        registry.registerBeanDefinition(name, client);
    }

    /** Finds interfaces, which are no components otherwise. */
    private static final class Interfaces extends ClassPathScanningCandidateComponentProvider {

        Interfaces(Environment environment) {
            super(false, environment);
        }

        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            return definition.getMetadata().isInterface()
                    && definition.getMetadata().isIndependent();
        }
    }
}
