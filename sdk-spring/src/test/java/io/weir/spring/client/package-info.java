@NullMarked
package io.weir.spring.client;

import org.jspecify.annotations.NullMarked;
