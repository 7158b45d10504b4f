using Actors;

namespace FaultInjection;

/// <summary>Charges orders in a pool. It knows nothing of tests: the pool can be any <see cref="ProcessPool"/>.</summary>
/// <param name="pool">The pool.</param>
/// <param name="ledger">The directory of the payment provider.</param>
public sealed class OrderPipeline(ProcessPool pool, string ledger)
{
    /// <summary>The pool runs a job again when its worker dies, and the worker may die between the charge and its acknowledgment.</summary>
    public Task<Receipt[]> ChargeWithBugAsync(IReadOnlyList<Order> orders) =>
        Task.WhenAll(orders.Select(order => pool.ApplyAsync(PaymentProvider.Charge, ledger, order)));

    /// <summary>The same with an idempotency key.</summary>
    public Task<Receipt[]> ChargeAsync(IReadOnlyList<Order> orders) =>
        Task.WhenAll(orders.Select(order => pool.ApplyAsync(PaymentProvider.ChargeOnce, ledger, order)));
}
