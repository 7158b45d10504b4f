// An order pipeline with a bug that only the death of a worker shows: a fault plan finds it, and the fixed pipeline passes 200 seeds.
//   dotnet run --project samples/FaultInjection
//   ACTORS_SEED=137 dotnet run --project samples/FaultInjection     repeats one seed
using Actors;
using Actors.Testing;
using FaultInjection;

const int Seeds = 200;
Order[] orders = [.. Enumerable.Range(1, 10).Select(number => new Order(number, 9.99m * number))];
var rules = FaultPlan.Create()
    .Add(FaultTrigger.Randomly(0.1), Fault.Kill())
    .Add(FaultTrigger.Randomly(0.1), Fault.Kill(FaultMoment.AfterJob))
    .Add(FaultTrigger.Randomly(0.05), Fault.LoseResult())
    .Add(FaultTrigger.Randomly(0.05), Fault.DeliverTwice());
int[] seeds = Environment.GetEnvironmentVariable(FaultPlan.SeedVariable) is null ? [.. Enumerable.Range(1, Seeds)] : [rules.Seed];
var patient = new PoolOptions { MaxAttempts = 10 };

var bug = "";
foreach (var seed in seeds)
{
    bug = await ChargeInlineAsync(rules.Copy(seed), pipeline => pipeline.ChargeWithBugAsync(orders));
    if (bug.Length > 0)
        break;
}

Console.WriteLine($"With the bug: {(bug.Length > 0 ? bug : "no seed finds it")}");

var injected = 0;
var failed = "";
foreach (var seed in seeds)
{
    var plan = rules.Copy(seed);
    failed += await ChargeInlineAsync(plan, pipeline => pipeline.ChargeAsync(orders));
    injected += plan.Injected.Count;
}

Console.WriteLine(failed.Length > 0
    ? $"Fixed: {failed}"
    : $"Fixed: {seeds.Length} seeds passed, {injected} faults were injected, and every order was charged once.");

var real = FaultPlan.Create(seed: 1).Add(FaultTrigger.OnJob(3), Fault.Kill(FaultMoment.AfterJob));
var ended = await ChargeInProcessesAsync(real);
Console.WriteLine(ended.Length > 0 ? $"Real workers: {ended}" : "Real workers: one was killed, and every order was charged once.");
return bug.Length > 0 && failed.Length + ended.Length == 0 ? 0 : 1;

async Task<string> ChargeInlineAsync(FaultPlan plan, Func<OrderPipeline, Task> charge)
{
    await using var pool = TestPool.Inline(processes: 2, patient, plan);
    return await ChargeAsync(pool, plan, charge);
}

async Task<string> ChargeInProcessesAsync(FaultPlan plan)
{
    await using var pool = await TestPool.StartAsync(processes: 2, plan, patient);
    var problem = await ChargeAsync(pool, plan, pipeline => pipeline.ChargeAsync(orders));
    plan.AssertAllInjected();
    return problem;
}

// Returns the orders that were not charged exactly once, with the faults that were injected; empty when all is well.
async Task<string> ChargeAsync(ProcessPool pool, FaultPlan plan, Func<OrderPipeline, Task> charge)
{
    var ledger = Directory.CreateTempSubdirectory("orders-").FullName;
    try
    {
        await charge(new OrderPipeline(pool, ledger));
        var wrong = orders.Where(order => PaymentProvider.CountCharges(ledger, order) != 1)
            .Select(order => $"order {order.Number} was charged {PaymentProvider.CountCharges(ledger, order)} times");
        return wrong.Any() ? $"{string.Join(", ", wrong)}. {plan}" : "";
    }
    finally
    {
        Directory.Delete(ledger, recursive: true);
    }
}
