package io.weir.spring.client.app;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.context.annotation.Configuration;

/** An application with a client. */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
public class PricesApplication {}
