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

var bug = await TestInWorldsAsync(pipeline => pipeline.ChargeWithBugAsync(orders));
Console.WriteLine($"With the bug: {bug?.Message ?? "no seed finds it"}");

var failed = await TestInWorldsAsync(pipeline => pipeline.ChargeAsync(orders));
Console.WriteLine(failed is null
    ? $"Fixed: {seeds.Length} seeds passed, and every order was charged once."
    : $"Fixed: {failed.Message}");

var real = FaultPlan.Create(seed: 1).Add(FaultTrigger.OnJob(3), Fault.Kill(FaultMoment.AfterJob));
var ended = await ChargeInProcessesAsync(real);
Console.WriteLine(ended.Length > 0 ? $"Real workers: {ended}" : "Real workers: one was killed, and every order was charged once.");
return bug is not null && failed is null && ended.Length == 0 ? 0 : 1;

// Runs the pipeline in a simulated world for each seed. Returns the failure of the first seed that fails, with the faults that it needs.
async Task<FaultTestException?> TestInWorldsAsync(Func<OrderPipeline, Task> charge)
{
    try
    {
        await FaultTest.ForSeedsAsync(
            seeds,
            async world =>
            {
                var problem = await ChargeAsync(world.CreatePool(options: patient), charge);
                if (problem.Length > 0)
                    throw new InvalidDataException(problem);
            },
            rules);
        return null;
    }
    catch (FaultTestException failure)
    {
        return failure;
    }
}

async Task<string> ChargeInProcessesAsync(FaultPlan plan)
{
    await using var pool = await TestPool.StartAsync(processes: 2, plan, patient);
    var problem = await ChargeAsync(pool, pipeline => pipeline.ChargeAsync(orders));
    plan.AssertAllInjected();
    return problem;
}

// Returns the orders that were not charged exactly once; empty when all is well.
async Task<string> ChargeAsync(ProcessPool pool, Func<OrderPipeline, Task> charge)
{
    var ledger = Directory.CreateTempSubdirectory("orders-").FullName;
    try
    {
        await charge(new OrderPipeline(pool, ledger));
        var wrong = orders.Where(order => PaymentProvider.CountCharges(ledger, order) != 1)
            .Select(order => $"order {order.Number} was charged {PaymentProvider.CountCharges(ledger, order)} times");
        return string.Join(", ", wrong);
    }
    finally
    {
        Directory.Delete(ledger, recursive: true);
    }
}
