/** Makes beans of interfaces whose annotated methods ask peers. */
@NullMarked
package io.weir.spring.client;

import org.jspecify.annotations.NullMarked;
