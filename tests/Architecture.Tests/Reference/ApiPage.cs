using System.Reflection;

namespace Actors.Architecture.Tests.Reference;

/// <summary>The public types of the client with the signatures of their members. Options and exceptions have pages of their own.</summary>
internal static class ApiPage
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static ReferencePage Make()
    {
        var page = new ReferencePage("api", "API", "the XML documentation of the public types");
        page.AddParagraph("""
            The types of the package `Actors`, all in the namespace `Actors`. [Options](options.md) and
            [exceptions](../guides/errors.md) have pages of their own. `scripts/make-site` builds a site with every type and overload.
            """);
        page.AddParagraph("""
            A method that takes a function has further overloads: for a function with up to three arguments, which follow the function, and
            for a function that returns a `Task` or `ValueTask`. Its blocking form without `Async` has the same parameters.
            """);
        foreach (var type in Types)
        {
            var docs = XmlDocs.For(type.Assembly);
            page.AddHeading($"`{SignatureText.NameOf(type)}`");
            page.AddParagraph(docs.SummaryOf(type));
            if (type.IsEnum)
                page.AddTable(["value", "meaning"], [.. type.GetFields(Declared).Where(field => field.IsLiteral).Select(RowOf)]);
            page.AddTable(["member", "meaning"], [.. PropertiesOf(type, docs).Concat(MethodsOf(type, docs))]);

            string[] RowOf(FieldInfo field) => [$"`{field.Name}`", docs.SummaryOf(field)];
        }

        return page;
    }

    private static IEnumerable<Type> Types =>
        from assembly in new[] { typeof(ProcessPool).Assembly, typeof(JobContext).Assembly, typeof(DurableStore).Assembly }
        from type in assembly.GetExportedTypes()
        where type is { Namespace: "Actors", IsNested: false } && !type.IsSubclassOf(typeof(Exception))
            && !type.IsSubclassOf(typeof(MulticastDelegate)) && !type.Name.EndsWith("Options", StringComparison.Ordinal)
            && !(type.IsAbstract && type.IsSealed)
        orderby type.Name
        select type;

    private static IEnumerable<string[]> PropertiesOf(Type type, XmlDocs docs) =>
        from property in type.GetProperties(Declared)
        where property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
        let summary = docs.SummaryOf(property)
        let meaning = summary.Length > 0 ? summary : docs.ParameterOf(type, property.Name)
        where meaning.Length > 0
        orderby property.Name
        select new[] { $"`{SignatureText.Of(property)}`", meaning };

    /// <summary>The overloads with a summary of their own. Without one, the first overload that refers to another method.</summary>
    private static IEnumerable<string[]> MethodsOf(Type type, XmlDocs docs) =>
        from overloads in type.GetMethods(Declared).Where(method => !method.IsSpecialName).GroupBy(method => method.Name)
        orderby overloads.Key
        let described = overloads.Select(method => (Method: method, Text: docs.SummaryOf(method)))
            .Where(row => row.Text.Length > 0).ToList()
        let inherited = overloads.Select(method => (Method: method, Text: docs.OriginOf(method))).Where(row => row.Text.Length > 0)
            .Select(row => (row.Method, Text: $"As `{row.Text}`."))
        from row in described.Count > 0 ? described : inherited.Take(1)
        select new[] { $"`{SignatureText.Of(row.Method)}`", row.Text };
}
