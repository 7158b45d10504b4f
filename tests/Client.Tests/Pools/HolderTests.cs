using Actors.Messages.Functions;

namespace Actors.Client.Tests.Pools;

public class HolderTests
{
    [Fact]
    public void Submit_MethodOfClassWithPool_ThrowsNamingBoth()
    {
        Assert.StartsWith(
            "InvoiceService holds a ProcessPool, which cannot travel. Make Render static, or mark the field [NonSerialized]. (The field is "
            + "held; a pool belongs to",
            Refused(new InvoiceService<ProcessPool>(null!).Render), StringComparison.Ordinal);
        Assert.StartsWith(
            "InvoiceService holds a WorkerProcess, which", Refused(
                new InvoiceService<WorkerProcess>(null!).Render), StringComparison.Ordinal);
        Assert.StartsWith(
            "InvoiceService holds a Manager, which", Refused(new InvoiceService<Manager>(null!).Render), StringComparison.Ordinal);
        Assert.StartsWith(
            "InvoiceService holds a JobHandle, which", Refused(new InvoiceService<JobHandle<int>>(null!).Render), StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_ArgumentContainsPool_ThrowsNamingTheFieldOnly()
    {
        var message = Assert.Throws<NotCarriedException>(
            () => KnownFunction.ForDelegate((InvoiceService<ProcessPool> service) => service is null, CallShape.Single)).Message;

        Assert.Contains(
            "InvoiceService.held: Actors.ProcessPool cannot be carried to another process; a pool belongs "
            + "to", message, StringComparison.Ordinal);
        Assert.DoesNotContain("_session", message, StringComparison.Ordinal);
    }

    private static string Refused(Func<int, string> function) =>
        Assert.Throws<NotCarriedException>(() => KnownFunction.ForDelegate(function, CallShape.Single)).Message;

    private sealed class InvoiceService<T>(T held)
    {
        public T Held => held;

        public string Render(int id) => $"{id}";
    }
}
