package io.weir.spring.test.app;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application to be tested. */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {

    public record Price(String symbol, long cents) {}
}
